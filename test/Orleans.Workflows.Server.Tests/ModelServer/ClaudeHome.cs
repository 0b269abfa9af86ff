using Orleans.Workflows.TestKit.Claude;
using Orleans.Workflows.TestKit.ModelServer;
using Orleans.Workflows.TestKit.Programs;

namespace Orleans.Workflows.Server.Tests.ModelServer;

/// <summary>Directories of their own for runs of the real program, which it starts with an empty environment.</summary>
internal sealed class ClaudeHome : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ow-claude-");

    public ClaudeHome() => Workspace = _root.CreateSubdirectory("work").FullName;

    public string Workspace { get; }

    public RunningProgram Start(RegisteredScript script, params IReadOnlyList<string> arguments) => RunningProgram.Start(
        ClaudeBinary.Path,
        ["-p", "make hello.txt", "--output-format", "stream-json", "--verbose", "--permission-mode", "bypassPermissions", .. arguments],
        Workspace,
        new Dictionary<string, string>
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
        });

    public ValueTask DisposeAsync()
    {
        _root.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
