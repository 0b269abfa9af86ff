using System.Text.Json;
using Orleans.Workflows.TestKit.Claude;
using Orleans.Workflows.TestKit.ModelServer;
using Orleans.Workflows.TestKit.Programs;

namespace Orleans.Workflows.Server.Tests.ModelServer;

/// <summary>One bare run of the real program against a script, in directories of its own, with an empty environment.</summary>
internal sealed class ClaudeRun : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ow-claude-");
    private readonly RunningProgram _program;

    public ClaudeRun(RegisteredScript script, params IReadOnlyList<string> arguments)
    {
        Workspace = _root.CreateSubdirectory("work").FullName;
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            ["HOME"] = _root.CreateSubdirectory("home").FullName,
            ["CLAUDE_CONFIG_DIR"] = _root.CreateSubdirectory("config").FullName,
            ["TMPDIR"] = _root.CreateSubdirectory("tmp").FullName,
            ["ANTHROPIC_BASE_URL"] = script.BaseUrl.ToString(),
            ["ANTHROPIC_API_KEY"] = "sk-ant-invented",
            ["IS_SANDBOX"] = "1",
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
            ["DISABLE_TELEMETRY"] = "1",
            ["DISABLE_ERROR_REPORTING"] = "1",
            ["DISABLE_AUTOUPDATER"] = "1",
        };
        _program = RunningProgram.Start(
            ClaudeBinary.Path,
            ["-p", "make hello.txt", "--output-format", "stream-json", "--verbose", "--permission-mode", "bypassPermissions", .. arguments],
            Workspace,
            environment);
    }

    public string Workspace { get; }

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
        _root.Delete(recursive: true);
    }
}
