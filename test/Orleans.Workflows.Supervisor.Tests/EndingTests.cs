using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

public sealed class EndingTests
{
    [Theory, BothRuntimes]
    public async Task An_agent_that_stops_when_asked_is_not_signalled(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await StartAsync(node, "read line; echo got $line; exit 4");
        await attempt.Connection.TerminateAsync("t", TerminateMode.Polite, "stop\n"u8.ToArray());
        Assert.Equal("t", (await attempt.NextAsync<SupervisorSignal.Acked>()).Id);
        var end = await attempt.EndAsync();
        Assert.Equal((ExitCause.Terminated, EndStep.Interrupt, 4), (end.Cause, end.EndedBy, end.ExitCode));
        Assert.Equal("ready\ngot stop\n", attempt.StdoutText);
    }

    [Theory, BothRuntimes]
    public async Task An_agent_that_ignores_the_interrupt_gets_the_end_of_its_input(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await StartAsync(node, "while read line; do echo ignored $line; done; exit 4");
        await attempt.Connection.TerminateAsync("t", TerminateMode.Polite, "stop\n"u8.ToArray());
        var end = await attempt.EndAsync();
        Assert.Equal((ExitCause.Terminated, EndStep.Stdin, 4), (end.Cause, end.EndedBy, end.ExitCode));
        Assert.Equal("ready\nignored stop\n", attempt.StdoutText);
    }

    [Theory, BothRuntimes]
    public async Task An_agent_that_ignores_the_end_of_its_input_gets_TERM(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await StartAsync(node, "exec sleep 600");
        await attempt.Connection.TerminateAsync("t", TerminateMode.Polite);
        var end = await attempt.EndAsync();
        Assert.Equal((ExitCause.Terminated, EndStep.Term, Signals.Terminate), (end.Cause, end.EndedBy, end.Signal));
    }

    [Theory, BothRuntimes]
    public async Task An_agent_that_ignores_everything_is_killed(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await StartAsync(node, "trap 'echo term' TERM; while :; do read line || sleep 600; done");
        await attempt.Connection.TerminateAsync("t", TerminateMode.Polite, "stop\n"u8.ToArray());
        var end = await attempt.EndAsync();
        Assert.Equal((ExitCause.Terminated, EndStep.Kill, Signals.Kill), (end.Cause, end.EndedBy, end.Signal));
    }

    [Theory, BothRuntimes]
    public async Task Terminate_now_overtakes_a_polite_one(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(node.Shell("trap '' TERM; echo ready; while :; do sleep 600; done") with
        {
            KeepStandardInputOpen = true,
            StdinCloseGraceMs = 3_600_000,
            TermGraceMs = 3_600_000,
        });
        await attempt.OutputAsync("ready");
        await attempt.Connection.TerminateAsync("polite", TerminateMode.Polite);
        await attempt.Connection.TerminateAsync("now", TerminateMode.Now);
        var end = await attempt.EndAsync();
        Assert.Equal((ExitCause.Terminated, EndStep.Kill, Signals.Kill), (end.Cause, end.EndedBy, end.Signal));
    }

    [Theory, BothRuntimes]
    public async Task TERM_for_the_supervisor_ends_the_agent_politely(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(Quick(node, "echo ready; read line; echo got $line") with { Interrupt = "bye\n"u8.ToArray() });
        await attempt.OutputAsync("ready");
        foreach (var signal in new[] { Signals.HangUp, Signals.Interrupt, Signals.Terminate })
            Assert.Equal(0, Libc.Kill(attempt.Connection.SupervisorPid!.Value, signal));
        var end = await attempt.EndAsync();
        Assert.Equal((ExitCause.Signal, EndStep.Interrupt, 0), (end.Cause, end.EndedBy, end.ExitCode));
        Assert.Equal("ready\ngot bye\n", attempt.StdoutText);
    }

    [Theory, BothRuntimes]
    public async Task A_lease_that_is_not_renewed_ends_the_agent(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var deadline = BootClock.Milliseconds + 3_600_000;
        var attempt = await node.StartAsync(Quick(node, "echo ready; exec sleep 600") with { LeaseDeadlineMs = deadline });
        await attempt.OutputAsync("ready");
        var soon = BootClock.Milliseconds + 100;
        await attempt.Connection.RenewAsync(soon);
        var end = await attempt.EndAsync();
        Assert.Equal(ExitCause.Lease, end.Cause);
        Assert.True(end.EndedAtBootMs >= soon, $"{end}");
    }

    [Theory, BothRuntimes]
    public async Task A_renewed_lease_lets_the_agent_go_on(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var first = BootClock.Milliseconds + 2000;
        var attempt = await node.StartAsync(Quick(node, "echo ready; exec sleep 2.5") with { LeaseDeadlineMs = first });
        await attempt.OutputAsync("ready");
        await attempt.Connection.RenewAsync(first + 3_600_000);
        var end = await attempt.EndAsync();
        Assert.Equal((ExitCause.Exited, 0), (end.Cause, end.ExitCode));
        Assert.True(end.EndedAtBootMs > first, $"{end}");
    }

    private static LaunchSpec Quick(NodeFixture node, string script) => node.Shell(script) with
    {
        KeepStandardInputOpen = true,
        InterruptGraceMs = 300,
        StdinCloseGraceMs = 300,
        TermGraceMs = 300,
    };

    private static async Task<AttemptProbe> StartAsync(NodeFixture node, string script)
    {
        var attempt = await node.StartAsync(Quick(node, $"echo ready; {script}"));
        await attempt.OutputAsync("ready");
        return attempt;
    }
}
