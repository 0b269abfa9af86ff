using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

public sealed class TreeTests
{
    // A child in its own session, one that ignores hang-up, and one whose parents are gone (a daemon).
    private const string Leave =
        """
        setsid sh -c 'echo own=$$; exec sleep 600' &
        nohup sh -c 'echo nohup=$$; exec sleep 600' 2>/dev/null &
        sh -c 'setsid sh -c "echo daemon=\$\$; exec sleep 600" & exit 0'
        """;

    [Theory, BothRuntimes]
    public async Task What_the_agent_left_behind_is_ended_and_counted_after_success(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(node.Shell($"{Leave}\nread go; exit 0") with { KeepStandardInputOpen = true });
        ProcessRecord[] left = [await attempt.ProcessAsync("own"), await attempt.ProcessAsync("nohup"), await attempt.ProcessAsync("daemon")];
        Assert.All(left, process => Assert.True(ProcessIdentity.IsAlive(process)));
        await attempt.Connection.SendInputAsync("go", "go\n"u8.ToArray());
        var end = await attempt.EndAsync();
        Assert.All(left, process => Assert.False(ProcessIdentity.IsAlive(process)));
        Assert.Equal((ExitCause.Exited, 0, 3, EndStep.None), (end.Cause, end.ExitCode, end.SurvivorCount, end.EndedBy));
        Assert.Equal(left.Select(process => process.Pid).Order(), end.Survivors.Select(process => process.Pid).Order());
        Assert.True(end.ProvenGone);
    }

    [Theory, BothRuntimes]
    public async Task The_whole_tree_is_ended_by_terminate(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartShellAsync($"{Leave}\nexec sleep 600");
        ProcessRecord[] left = [await attempt.ProcessAsync("own"), await attempt.ProcessAsync("nohup"), await attempt.ProcessAsync("daemon")];
        await attempt.Connection.TerminateAsync("t", TerminateMode.Now);
        var end = await attempt.EndAsync();
        Assert.All(left, process => Assert.False(ProcessIdentity.IsAlive(process)));
        Assert.Equal((ExitCause.Terminated, 9, 3, EndStep.Kill), (end.Cause, end.Signal, end.SurvivorCount, end.EndedBy));
    }

    [Theory, BothRuntimes]
    public async Task A_child_that_ignores_TERM_and_holds_the_pipe_does_not_hold_up_the_end(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var script = "(trap '' TERM; echo ready; while :; do sleep 600; done) & exit 5";
        var attempt = await node.StartAsync(node.Shell(script) with { TermGraceMs = 50 });
        var end = await attempt.EndAsync();
        Assert.Equal((ExitCause.Exited, 5), (end.Cause, end.ExitCode));
        Assert.InRange(end.SurvivorCount, 1, 3);
    }

    [Theory, BothRuntimes]
    public async Task Orphans_that_end_meanwhile_leave_no_zombies(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var script = "sh -c '(echo orphan=$(sh -c \"echo \\$PPID\"); read x < fifo) & exit 0'; read go";
        await Tool.RunAsync("mkfifo", Path.Combine(node.Path, "fifo"));
        var attempt = await node.StartAsync(node.Shell(script) with { KeepStandardInputOpen = true });
        var orphan = await attempt.ProcessAsync("orphan");
        await File.WriteAllTextAsync(Path.Combine(node.Path, "fifo"), "x\n", TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (ProcessIdentity.IsAlive(orphan))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await attempt.Connection.SendInputAsync("go", "\n"u8.ToArray());
        Assert.Equal(0, (await attempt.EndAsync()).SurvivorCount);
    }

    [Theory, BothRuntimes]
    public async Task Many_forking_children_are_all_ended(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var script = "f() { while :; do (sleep 600) & wait $!; done; }; for i in 1 2 3 4 5 6 7 8; do f & done; echo ready; wait";
        var attempt = await node.StartShellAsync(script);
        await attempt.OutputAsync("ready");
        await attempt.Connection.TerminateAsync("t", TerminateMode.Now);
        await attempt.EndAsync();
        var sweep = await EnvironmentSweep.RunAsync(attempt.Files.MarkerValue, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Empty(sweep.Ended);
        Assert.True(sweep.IsClean);
    }
}
