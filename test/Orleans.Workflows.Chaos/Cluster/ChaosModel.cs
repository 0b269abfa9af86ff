using System.Net;
using System.Text.RegularExpressions;
using Orleans.Workflows.Chaos.Checking;
using Orleans.Workflows.TestKit.Claude;
using Orleans.Workflows.TestKit.ModelServer;
using Orleans.Workflows.TestKit.Proxies;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Chaos.Cluster;

/// <summary>A scripted model for real <c>claude</c> agents behind a line of its own, and the workflow that sends them there. What it was asked is a witness beside the ledger.</summary>
internal sealed partial class ChaosModel : IAsyncDisposable
{
    public const string Workflow = "asking";

    // Numbers whose sums tell which turns are in them.
    private static readonly ModelReply[] Replies =
    [
        ModelStep.Calls("Bash", new { command = "sleep 1; echo one > one.txt", description = "The first" }) with { Delay = TimeSpan.FromMilliseconds(500), Usage = new(1_000, 11, 7, 3) },
        ModelStep.Calls("Bash", new { command = "sleep 0.5; echo two > two.txt", description = "The second" }) with { Text = "and now the second of the two", BetweenDeltas = TimeSpan.FromMilliseconds(200), Usage = new(2_000, 102, 70, 30) },
        ModelStep.Says("it took two calls of a tool, and now " + ModelCall.LastText) with { BetweenDeltas = TimeSpan.FromMilliseconds(100), Usage = new(4_000, 1_003, 700, 300) },
    ];

    private readonly ScriptedModelServer _server;
    private readonly RegisteredScript _script;

    private ChaosModel(ScriptedModelServer server, string directory)
    {
        _server = server;
        _script = server.Register(Replies);
        Line = new(new(IPAddress.Loopback, server.Address.Port));
        Directory = directory;
    }

    /// <summary>Between all agents and the model.</summary>
    public TcpProxy Line { get; }

    /// <summary>Holds the workflow's directory and what it needs.</summary>
    public string Directory { get; }

    /// <summary>The <c>claude</c> program, with a line in the journal before.</summary>
    public string Program => Path.Combine(Directory, "claude");

    public string Workflows => Path.Combine(Directory, "workflows");

    /// <summary>A prompt by which its calls are known.</summary>
    public static string Prompt(string key) => $"Do both, please. [key {key}]";

    /// <param name="directory">For what it writes; made.</param>
    /// <param name="journal">Where its agents' starts are told.</param>
    public static async Task<ChaosModel> StartAsync(string directory, string journal)
    {
        var model = new ChaosModel(await ScriptedModelServer.StartAsync(), directory);
        await ClaudeWorkflow.WriteAsync(
            Path.Combine(model.Workflows, Workflow),
            new UriBuilder(model._script.BaseUrl) { Port = model.Line.Port }.Uri,

            // The journal's variable tells the watchdog whose they are.
            $"  {AgentJournal.Variable}: {journal}");
        await File.WriteAllTextAsync(model.Program, Wrapper(journal));
        File.SetUnixFileMode(model.Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return model;
    }

    /// <summary>What it was asked so far, by the key in the prompt.</summary>
    public IEnumerable<(string Key, string MessageId, Numbers Usage)> Calls()
    {
        foreach (var request in _script.Requests)
        {
            if (request.Step is ModelReply { Usage: var usage } && Key().Match(request.Messages.ToString()) is { Success: true } key)
            {
                yield return (key.Groups[1].Value, request.MessageId, new(null, null, null, usage.Input, usage.Output, usage.CacheRead, usage.CacheCreation, null));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Line.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>Tells of its start as the scripted agent does, in milliseconds since the boot, and becomes the real program.</summary>
    private static string Wrapper(string journal) => $$"""
        #!/bin/sh
        if [ -n "$ORLEANS_WORKFLOWS_RUN" ]; then
          read -r up idle </proc/uptime
          echo "{\"event\":\"start\",\"run\":\"$ORLEANS_WORKFLOWS_RUN\",\"pid\":$$,\"unixMs\":0,\"bootMs\":${up%.*}${up#*.}0,\"code\":null}" >>'{{journal}}'
        fi
        exec '{{ClaudeBinary.Path}}' "$@"
        """;

    [GeneratedRegex(@"\[key ([^\]]+)\]")]
    private static partial Regex Key();
}
