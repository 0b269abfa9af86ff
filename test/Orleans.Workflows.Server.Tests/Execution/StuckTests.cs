using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>Agents that say nothing any more, for real: what the service sees of it, and what it does.</summary>
public sealed class StuckTests
{
    [Fact]
    public async Task An_agent_that_falls_silent_is_suspected_interrupted_and_followed_by_another_attempt_and_the_run_fails_with_the_evidence()
    {
        await using var server = await StartAsync();
        var run = await StartAsync(server, """{"steps":[{"text":"on it"},{"hang":true}]}""");
        var end = await server.EndOfAsync(run);
        Assert.Equal((RunStatus.Failed, ReasonCodes.Stuck), (end.Status, end.Reason!.Code));
        Assert.Contains("waits for the model", end.Reason.Text, StringComparison.Ordinal);

        var attempts = await server.Ledger.ReadAttemptsAsync(run, TestContext.Current.CancellationToken);
        Assert.Equal(3, attempts.Count);
        Assert.All(attempts, attempt => Assert.Equal(ReasonCodes.Stuck, attempt.Reason!.Code));
        Assert.Contains("suspect", await EventsAsync(server, run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_hears_no_interrupt_is_ended_and_its_processes_are_told()
    {
        await using var server = await StartAsync(new() { ["Runs:MaxStuckRecoveries"] = "0" });
        var run = await StartAsync(server, """{"steps":[{"text":"on it"},{"hang":"deaf"}]}""");
        var end = await server.EndOfAsync(run);
        Assert.Equal((RunStatus.Failed, ReasonCodes.Stuck), (end.Status, end.Reason!.Code));
        var attempt = Assert.Single(await server.Ledger.ReadAttemptsAsync(run, TestContext.Current.CancellationToken));
        Assert.Contains("stuckProcesses", attempt.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_does_not_exit_after_its_result_is_ended_and_its_work_counts()
    {
        await using var server = await StartAsync();
        var run = await StartAsync(server, """{"steps":[{"text":"on it"},{"result":"done"},{"hang":"deaf"}]}""");
        var end = await server.EndOfAsync(run);
        Assert.Equal((RunStatus.Completed, "done"), (end.Status, end.Result!.Text));
    }

    [Fact]
    public async Task An_agent_that_says_a_line_now_and_then_lives()
    {
        await using var server = await StartAsync();
        var run = await StartAsync(server, """{"steps":[{"text":"on it"},{"repeat":12,"steps":[{"delayMs":250},{"lines":1,"bytes":100}]},{"result":"done"}]}""");
        var end = await server.EndOfAsync(run);
        Assert.Equal((RunStatus.Completed, 1), (end.Status, end.Attempts));
        Assert.DoesNotContain("suspect", await EventsAsync(server, run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspicion_does_not_outlive_the_server_that_had_it()
    {
        var directory = Directory.CreateTempSubdirectory("ow-suspect-").FullName;
        try
        {
            RunId run;
            var settings = new Dictionary<string, string>
            {
                ["Workflows__StateDirectory"] = Path.Combine(directory, "state"),
                ["Workflows__Execution__Phases__ModelSilence"] = "00:00:01",
                ["Workflows__Execution__Phases__StepPatience"] = "01:00:00",
            };
            await using (var first = await ServerProcess.StartAsync(settings, TestContext.Current.CancellationToken))
            {
                run = await first.StartRunAsync(new { agent = "scripted", message = """{"steps":[{"text":"on it"},{"hang":true}]}""" }, TestContext.Current.CancellationToken);
                await first.UntilAsync(run, shown => shown.GetProperty("waitsFor").ValueKind == System.Text.Json.JsonValueKind.String, cancellationToken: TestContext.Current.CancellationToken);
                await first.KillAsync();
            }

            await using var second = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Execution:Phases:ModelSilence"] = "01:00:00" }, directory: directory);
            await TestKit.Waiting.WaitFor.Value<object>(
                async token => (await second.Ledger.ReadRunAsync(run, token))! is { Status: RunStatus.Running, WaitsFor: null } ? "" : null,
                () => run.ToString(), TestKit.Waiting.TestTimeouts.Process, cancellationToken: TestContext.Current.CancellationToken);
            await second.Grains.GetGrain<IWorkflowGrain>(run.Value).TerminateAsync(new() { Id = Guid.NewGuid(), Caller = "test", CorrelationId = "test" });
            Assert.Equal(RunStatus.Terminated, (await second.EndOfAsync(run)).Status);
        }
        finally
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    [Fact]
    public async Task A_program_without_a_protocol_may_be_silent_and_is_followed_once()
    {
        var log = new RecordedLog();
        await using var server = await WorkflowsServer.StartAsync(log: log);
        var run = await server.StartRunAsync(new() { Agent = "command", Command = ["/bin/sh", "-c", "sleep 1; echo done"] });
        Assert.Equal(RunStatus.Completed, (await server.EndOfAsync(run.Id)).Status);
        Assert.DoesNotContain(log.Lines, text => text.Contains("disturbed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_credential_fails_at_once_instead_of_being_retried_for_minutes()
    {
        await using var server = await StartAsync(new() { ["Execution:Phases:ModelSilence"] = "01:00:00" });
        var run = await StartAsync(server, """{"steps":[{"init":true},{"retry":"authentication_failed","status":401,"delayMs":3600000,"attempt":1,"max":10}]}""");
        var end = await server.EndOfAsync(run);
        Assert.Equal((RunStatus.Failed, ReasonCodes.Authentication, 1), (end.Status, end.Reason!.Code, end.Attempts));
    }

    [Fact]
    public async Task A_run_whose_supervisor_is_killed_goes_on_with_another_attempt()
    {
        await using var server = await StartAsync(new() { ["Execution:Phases:ModelSilence"] = "01:00:00" });
        var mark = Path.Combine(server.Directory, "second");
        var run = await StartAsync(server, $$"""{"steps":[{"text":"on it"},{"tool":"Bash","input":{},"run":"[ -e {{mark}} ] || { touch {{mark}}; sleep 600; }"},{"result":"done"}]}""");
        await WaitAsync(() => File.Exists(mark));
        await KillAsync("-KILL", Supervisor(server, run));
        var end = await server.EndOfAsync(run);
        Assert.Equal((RunStatus.Completed, 2), (end.Status, end.Attempts));
        var attempts = await server.Ledger.ReadAttemptsAsync(run, TestContext.Current.CancellationToken);
        Assert.Equal(ReasonCodes.SupervisorLost, attempts[0].Reason!.Code);
    }

    [Fact]
    public async Task A_kill_reaches_a_run_whose_supervisor_hangs()
    {
        await using var server = await StartAsync(new() { ["Runs:KillGrace"] = "00:00:01", ["Execution:SupervisorPatience"] = "00:00:02", ["Watching:ScanPeriod"] = "00:00:01" });
        var mark = Path.Combine(server.Directory, "at-work");
        var run = await StartAsync(server, $$"""{"steps":[{"text":"on it"},{"tool":"Bash","input":{},"run":"touch {{mark}}; sleep 600"}]}""");
        await WaitAsync(() => File.Exists(mark));
        var supervisor = Supervisor(server, run);
        await KillAsync("-STOP", supervisor);
        await server.Grains.GetGrain<IWorkflowGrain>(run.Value).TerminateAsync(new() { Id = Guid.NewGuid(), Caller = "test", CorrelationId = "test" });
        var end = await server.EndOfAsync(run);
        Assert.Equal(RunStatus.Terminated, end.Status);
        Assert.False(Directory.Exists($"/proc/{supervisor}") && (await File.ReadAllTextAsync($"/proc/{supervisor}/stat", TestContext.Current.CancellationToken)).Contains(") T", StringComparison.Ordinal));
    }

    private static Task<WorkflowsServer> StartAsync(Dictionary<string, string>? more = null)
    {
        var settings = new Dictionary<string, string>
        {
            ["Execution:Phases:ModelSilence"] = "00:00:01",
            ["Execution:Phases:ExitAfterResult"] = "00:00:01",
            ["Execution:Phases:StepPatience"] = "00:00:00.5",
            ["Execution:InterruptGrace"] = "00:00:00.5",
            ["Execution:InputGrace"] = "00:00:00.5",
            ["Execution:TermGrace"] = "00:00:00.5",
            ["Runs:RecoveryPause"] = "00:00:00.1",
        };
        foreach (var (name, value) in more ?? [])
        {
            settings[name] = value;
        }

        return WorkflowsServer.StartAsync(settings);
    }

    private static async Task<RunId> StartAsync(WorkflowsServer server, string script) =>
        (await server.StartRunAsync(new() { Agent = "scripted", Message = script })).Id;

    private static async Task<string> EventsAsync(WorkflowsServer server, RunId run) =>
        string.Concat((await server.Ledger.ReadEventsAsync(run, 0, 1_000, TestContext.Current.CancellationToken)).Select(row => System.Text.Encoding.UTF8.GetString(row.Events.Span)));

    private static int Supervisor(WorkflowsServer server, RunId run) => SupervisorProcess.Find(server.StateDirectory, run)!.Value;

    private static async Task KillAsync(string signal, int pid)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [signal, pid.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    private static Task WaitAsync(Func<bool> isSo) =>
        TestKit.Waiting.WaitFor.Condition(isSo, () => "", TestKit.Waiting.TestTimeouts.Process, cancellationToken: TestContext.Current.CancellationToken);
}
