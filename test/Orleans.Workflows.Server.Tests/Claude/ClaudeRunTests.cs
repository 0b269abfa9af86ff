using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Claude;
using Orleans.Workflows.TestKit.ModelServer;
using Orleans.Workflows.TestKit.Programs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Server.Tests.Claude;

/// <summary>The real <c>claude</c> through the whole service, against a scripted model on loopback, with an invented key.</summary>
public sealed class ClaudeRunTests(ScriptedModelServer model) : IClassFixture<ScriptedModelServer>
{
    [Fact]
    public async Task A_real_tool_call_writes_a_file_and_the_numbers_are_right()
    {
        await using var server = await StartServerAsync(slots: 1);
        var run = await StartRunAsync(server, WritesFile());
        var info = await server.EndOfAsync(run.Id);

        Assert.True(info.Status == RunStatus.Completed, $"{info.Status} {info.Reason} {info.Result?.StderrTail}");
        Assert.Equal(2, info.Turns);
        Assert.Equal(1, info.ToolCalls);
        Assert.Equal((200L, 40L), (info.Usage.InputTokens, info.Usage.OutputTokens));
        Assert.True(info.Usage.CostUsd > 0);
        Assert.Equal("done", info.Result!.Text);
        Assert.Equal(ClaudeBinary.Version, info.AgentVersion);
        Assert.Equal("hello\n", await File.ReadAllTextAsync(Path.Combine(info.Result.Workspace!, "hello.txt"), TestContext.Current.CancellationToken));
        Assert.Contains(info.Result.ChangedFiles, file => file.Path == "hello.txt");

        var usage = await server.Ledger.ReadUsageAsync(run.Id, TestContext.Current.CancellationToken);
        Assert.Equal(info.Usage.InputTokens, usage.Sum(row => row.Usage.InputTokens));
        Assert.Equal(info.Usage.OutputTokens, usage.Sum(row => row.Usage.OutputTokens));
        Assert.Equal(info.Usage.CostUsd, usage.Sum(row => row.Usage.CostUsd));
    }

    [Fact]
    public async Task Ten_real_agents_at_once_all_complete()
    {
        await using var server = await StartServerAsync(slots: 10);
        var runs = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => StartRunAsync(server, WritesFile())));
        var infos = await Task.WhenAll(runs.Select(run => server.EndOfAsync(run.Id)));
        Assert.All(infos, info => Assert.True(info is { Status: RunStatus.Completed, Turns: 2, Usage: { InputTokens: 200, OutputTokens: 40 } }, $"{info.Status} {info.Reason} {info.Turns} {info.Usage}"));
    }

    [Fact]
    public async Task A_canceled_agent_is_interrupted_and_leaves_nothing_behind()
    {
        await using var server = await StartServerAsync(slots: 1);
        var script = model.Register(ModelStep.Hangs());
        var run = await StartRunAsync(server, script);
        await script.HangAsync(cancellationToken: TestContext.Current.CancellationToken);

        var grain = server.Grains.GetGrain<IWorkflowGrain>(run.Id.Value);
        var canceled = await grain.CancelAsync(new() { Id = Guid.NewGuid(), Caller = "test", CorrelationId = "c", Text = "enough" });
        Assert.Equal(RunStatus.Canceling, canceled.Run!.Status);
        var info = await server.EndOfAsync(run.Id);
        Assert.Equal((RunStatus.Canceled, ReasonCodes.Canceled), (info.Status, info.Reason!.Code));
        Assert.All(await server.Ledger.ReadAttemptsAsync(run.Id, TestContext.Current.CancellationToken), attempt => Assert.False(Directory.Exists($"/proc/{attempt.Pid}")));
    }

    [Fact]
    public async Task An_api_error_is_a_failure_with_its_reason()
    {
        await using var server = await StartServerAsync(slots: 1);
        var run = await StartRunAsync(server, model.Register(ModelStep.Fails(400, "invalid_request_error", "the scripted refusal")));
        var info = await server.EndOfAsync(run.Id);
        Assert.Equal((RunStatus.Failed, ReasonCodes.ApiError), (info.Status, info.Reason!.Code));
        Assert.Contains("the scripted refusal", info.Reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_continuation_goes_on_in_the_same_session_and_counts_only_its_own_cost()
    {
        await using var server = await StartServerAsync(slots: 1);
        var script = model.Register(ModelStep.Says("first"), ModelStep.Says("second"));
        var first = await server.EndOfAsync((await StartRunAsync(server, script)).Id);
        Assert.Equal("first", first.Result!.Text);

        var continued = await server.Starter.ContinueAsync(first.Id, new() { Message = "go on" }, new("test", "c"), TestContext.Current.CancellationToken);
        var second = await server.EndOfAsync(continued.Run!.Id);
        Assert.True(second.Status == RunStatus.Completed, $"{second.Status} {second.Reason} {second.Result?.StderrTail}");
        Assert.Equal("second", second.Result!.Text);
        Assert.Equal((first.SessionId, first.Id, first.Result.Workspace), (second.SessionId, second.ContinuedFrom!.Value, second.Result.Workspace));
        Assert.Equal((1, 100L, 20L, first.Usage.CostUsd), (second.Turns, second.Usage.InputTokens, second.Usage.OutputTokens, second.Usage.CostUsd));
    }

    [Fact]
    public async Task An_agent_that_was_killed_amid_a_tool_call_is_told_of_it_when_its_session_goes_on()
    {
        await using var server = await StartServerAsync(slots: 1);
        var mark = Path.Combine(server.Directory, "at-work");
        var script = model.Register(
            ModelStep.Calls("Bash", new { command = $"[ -e {mark} ] && exit 0; touch {mark}; sleep 600", description = "Push it" }),
            ModelStep.Says("done"));
        var run = await StartRunAsync(server, script, attempts: 2);
        await WaitFor.Condition(() => File.Exists(mark), () => $"{script}", TestTimeouts.Process, cancellationToken: TestContext.Current.CancellationToken);
        var attempt = await WaitFor.Value(
            async token => (await server.Ledger.ReadAttemptsAsync(run.Id, token)).SingleOrDefault(open => open.Pid is not null), () => "no process is recorded", cancellationToken: TestContext.Current.CancellationToken);
        await RunningProgram.RunAsync("kill", ["-KILL", $"{attempt.Pid}"], server.Directory, cancellationToken: TestContext.Current.CancellationToken);

        var end = await server.EndOfAsync(run.Id);
        var attempts = await server.Ledger.ReadAttemptsAsync(run.Id, TestContext.Current.CancellationToken);
        Assert.True(end is { Status: RunStatus.Completed, Attempts: 2 }, $"{end.Status} {end.Reason} {string.Join(", ", attempts.Select(done => $"{done.Number} {done.EndedAt - done.ClaimedAt} {done.Reason}"))} {script}");
        var told = script.Requests[^1].Messages.ToString();
        Assert.Contains("Attempt 1 at this task was cut off before it was done (signaled", told, StringComparison.Ordinal);
        Assert.Contains("may or may not have taken effect", told, StringComparison.Ordinal);
        Assert.Contains("- Bash {", told, StringComparison.Ordinal);
        Assert.Contains("same session", told, StringComparison.Ordinal);
    }

    private RegisteredScript WritesFile() => model.Register(
        ModelStep.Calls("Bash", new { command = "echo hello > hello.txt", description = "Write hello.txt" }),
        ModelStep.Says("done"));

    private static async Task<WorkflowsServer> StartServerAsync(int slots)
    {
        var directory = Directory.CreateTempSubdirectory("ow-server-").FullName;
        return await WorkflowsServer.StartAsync(
            new Dictionary<string, string>
            {
                ["Execution:Slots"] = $"{slots}",
                ["Agents:Binaries:claude"] = ClaudeBinary.Path,
                ["Workflows:Directories:0"] = Directory.CreateDirectory(Path.Combine(directory, "workflows")).FullName,
                ["Workflows:Watch"] = "false",
            },
            directory: directory);
    }

    private static async Task<RunInfo> StartRunAsync(WorkflowsServer server, RegisteredScript script, int attempts = 1)
    {
        var name = $"tested-{Guid.NewGuid():N}";
        await ClaudeWorkflow.WriteAsync(Path.Combine(server.Directory, "workflows", name), script.BaseUrl, $"""
            retry:
              maximumAttempts: {attempts}
              initialInterval: 100ms
            """);
        await server.Services.GetRequiredService<WorkflowCatalog>().ReloadAsync();
        return await server.StartRunAsync(new() { Workflow = name, Message = "make hello.txt" });
    }
}
