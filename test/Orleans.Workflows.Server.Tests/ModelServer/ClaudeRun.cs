using System.Text.Json;
using Orleans.Workflows.TestKit.ModelServer;
using Orleans.Workflows.TestKit.Programs;

namespace Orleans.Workflows.Server.Tests.ModelServer;

/// <summary>One bare run of the real program against a script, in a home of its own.</summary>
internal sealed class ClaudeRun : IAsyncDisposable
{
    private readonly ClaudeHome _home = new();
    private readonly RunningProgram _program;

    private ClaudeRun(RegisteredScript script) => _program = _home.Start(script);

    public string Workspace => _home.Workspace;

    public static ClaudeRun Start(RegisteredScript script) => new(script);

    public Task SignalAsync(string signal) => _program.SignalAsync(signal);

    public Task<ProgramResult> EndAsync() => _program.EndAsync();

    /// <summary>The lines of a type in the output, such as <c>result</c>.</summary>
    public static IReadOnlyList<JsonElement> Lines(ProgramResult result, string type) =>
    [
        .. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("type").GetString() == type),
    ];

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await _home.DisposeAsync();
    }
}
