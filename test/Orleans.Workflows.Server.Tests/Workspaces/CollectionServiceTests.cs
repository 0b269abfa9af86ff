using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Workspaces;

/// <summary>What the server frees by itself of what runs left on its disk.</summary>
public sealed class CollectionServiceTests
{
    private const string Short = """{"steps":[{"text":"hi"},{"result":"done"}]}""";
    private const string Hanging = """{"steps":[{"text":"up"},{"hang":true}]}""";

    [Fact]
    public async Task What_ended_runs_left_goes_and_what_runs_or_may_be_continued_stays()
    {
        var earlier = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Collection:Enabled"] = "false", ["Runs:ContinueWindow"] = "00:00:00.001" });
        var over = (await earlier.EndOfAsync((await StartAsync(earlier, Short)).Id)).Id;
        Assert.All(PlacesOf(earlier, over), place => Assert.True(Directory.Exists(place), place));
        await earlier.StopAsync();

        await using var server = await WorkflowsServer.StartAsync(
            new Dictionary<string, string>
            {
                ["Collection:Period"] = "00:00:00.050",
                ["Collection:AttemptsAge"] = "00:00:00",
                ["Collection:AgentHomeAge"] = "00:00:00",
                ["Collection:WorkspaceAge"] = "00:00:00",
                ["Collection:UnknownAge"] = "00:00:00",
            },
            directory: earlier.Directory);
        var running = (await StartAsync(server, Hanging)).Id;
        var continued = (await server.EndOfAsync((await StartAsync(server, Short)).Id)).Id;
        var continuing = (await server.Starter.ContinueAsync(continued, new() { Message = Hanging }, new("test", "c"), TestContext.Current.CancellationToken)).Run!.Id;
        var continuable = (await server.EndOfAsync((await StartAsync(server, Short)).Id)).Id;
        foreach (var run in new[] { running, continuing })
        {
            await WaitFor.Condition(() => Directory.Exists(Attempt(server, run)), () => $"run {run}", TestTimeouts.Process, cancellationToken: TestContext.Current.CancellationToken);
        }

        await CollectedAsync(server);

        Assert.All(PlacesOf(server, over), place => Assert.False(Directory.Exists(place), place));
        Assert.All([.. PlacesOf(server, running), .. PlacesOf(server, continued), .. PlacesOf(server, continuable), Attempt(server, continuing)], place => Assert.True(Directory.Exists(place), place));
    }

    private static Task<RunInfo> StartAsync(WorkflowsServer server, string script) => server.StartRunAsync(new() { Agent = "scripted", Message = script });

    /// <summary>What no ledger knows goes too: when it was put there before a collection began, that one is over once a second such thing has gone.</summary>
    private static async Task CollectedAsync(WorkflowsServer server)
    {
        for (var times = 0; times < 2; times++)
        {
            var unknown = Directory.CreateDirectory(Path.Combine(server.StateDirectory, "homes", Guid.CreateVersion7().ToString("N"))).FullName;
            await WaitFor.Condition(() => !Directory.Exists(unknown), () => unknown, cancellationToken: TestContext.Current.CancellationToken);
        }
    }

    private static string[] PlacesOf(WorkflowsServer server, RunId run) =>
        [Attempt(server, run), Path.Combine(server.StateDirectory, "homes", run.Value.ToString("N")), Path.Combine(server.StateDirectory, "workspaces", run.ToString())];

    private static string Attempt(WorkflowsServer server, RunId run) => Path.Combine(server.StateDirectory, "attempts", $"{run.Value:N}-1");
}
