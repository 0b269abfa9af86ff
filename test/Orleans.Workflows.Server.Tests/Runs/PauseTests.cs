using System.Text;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Runs;

/// <summary>Runs that a person has stand still, for real: no tool call is cut off, slot and locks are free meanwhile, and the same session goes on.</summary>
public sealed class PauseTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-pause-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tool_call_comes_to_its_end_then_others_have_its_slot_and_lock_until_it_goes_on()
    {
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Execution:Slots"] = "1" }, directory: Path.Combine(_directory, "server"));
        var locks = new Dictionary<string, LockMode> { ["door"] = LockMode.Exclusive };
        var run = (await server.StartRunAsync(new() { Agent = "scripted", Message = Script, Locks = locks })).Id;
        var grain = server.Grains.GetGrain<IWorkflowGrain>(run.Value);
        await AtWorkAsync();

        // The tool call is on record before it is asked: until then the agent would be between two.
        await grain.WaitForAsync(info => info.ToolCalls == 1);
        var asked = (await grain.PauseAsync(Command())).Run!;
        Assert.Equal((RunStatus.Running, ReasonCodes.PauseRequested), (asked.Status, asked.Reason!.Code));
        var other = (await server.StartRunAsync(new() { Agent = "command", Command = ["/bin/true"], Locks = locks })).Id;

        await File.WriteAllTextAsync(GoOn, "", Token);
        var paused = await grain.WaitForAsync(info => info.Status == RunStatus.Paused);
        Assert.Equal((ReasonCodes.Paused, 1, null), (paused.Reason!.Code, paused.Attempts, paused.Deadline));
        Assert.Equal(["done"], await File.ReadAllLinesAsync(Journal, Token));
        Assert.Equal(RunStatus.Completed, (await server.EndOfAsync(other)).Status);

        Assert.Equal(RunStatus.Queued, (await grain.ResumeAsync(Command())).Run!.Status);
        var end = await server.EndOfAsync(run);
        Assert.Equal((RunStatus.Completed, 2, paused.SessionId), (end.Status, end.Attempts, end.SessionId));
        Assert.Contains("\"session\":\"resumed\"", await HistoryAsync(server, run), StringComparison.Ordinal);
        Assert.Equal([ReasonCodes.Paused, ReasonCodes.Success], (await server.Ledger.ReadAttemptsAsync(run, Token)).OrderBy(attempt => attempt.Number).Select(attempt => attempt.Reason!.Code));
    }

    [Fact]
    public async Task What_was_asked_of_a_server_that_is_killed_then_the_next_one_does()
    {
        var settings = new Dictionary<string, string> { ["Workflows__StateDirectory"] = Path.Combine(_directory, "state"), ["Workflows__Execution__StopAgentsOnShutdown"] = "true" };
        RunId run;
        await using (var server = await ServerProcess.StartAsync(settings, Token))
        {
            run = await server.StartRunAsync(new { agent = "scripted", message = Script }, Token);
            await AtWorkAsync();
            await server.UntilAsync(run, shown => shown.GetProperty("toolCalls") is { ValueKind: System.Text.Json.JsonValueKind.Number } calls && calls.GetInt32() == 1, cancellationToken: Token);
            using var asked = await server.Http.PostAsync(new Uri($"/api/v1/runs/{run}/pause", UriKind.Relative), null, Token);
            Assert.Equal(202, (int)asked.StatusCode);
            await server.KillAsync();
        }

        await using var next = await ServerProcess.StartAsync(settings, Token);
        await File.WriteAllTextAsync(GoOn, "", Token);
        await next.UntilStatusAsync(run, "Paused", Token);
        Assert.Equal(["done"], await File.ReadAllLinesAsync(Journal, Token));
        using var resumed = await next.Http.PostAsync(new Uri($"/api/v1/runs/{run}/resume", UriKind.Relative), null, Token);
        Assert.Equal(200, (int)resumed.StatusCode);
        await next.UntilStatusAsync(run, "Completed", Token);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Journal => Path.Combine(_directory, "journal");

    private string GoOn => Path.Combine(_directory, "go-on");

    private string Begun => Path.Combine(_directory, "begun");

    /// <summary>A tool call that ends when it is let, then a while in which nothing is under way; in a second attempt nothing waits.</summary>
    private string Script => $$"""{"steps":[{"text":"up"},{"tool":"Bash","input":{},"run":"touch {{Begun}}; while [ ! -e {{GoOn}} ]; do sleep 0.05; done; [ -e {{Journal}} ] || echo done >> {{Journal}}"},{"delayMs":5000},{"result":"done"}]}""";

    private Task AtWorkAsync() => WaitFor.Condition(() => File.Exists(Begun), () => "it is not at work", TestTimeouts.Process, cancellationToken: Token);

    private static RunCommand Command() => new() { Id = Guid.NewGuid(), Caller = "test", CorrelationId = "c", Text = "lunch" };

    private static async Task<string> HistoryAsync(WorkflowsServer server, RunId run) =>
        string.Concat((await server.Ledger.ReadEventsAsync(run, 0, 1_000, Token)).Select(batch => Encoding.UTF8.GetString(batch.Events.Span)));
}
