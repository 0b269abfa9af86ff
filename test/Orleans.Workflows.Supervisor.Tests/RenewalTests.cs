using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

/// <summary>The renewal of a silo that only starts: it says its word and is gone before any supervisor can look.</summary>
public sealed class RenewalTests
{
    [Theory, BothRuntimes]
    public async Task Every_supervisor_of_a_node_takes_a_renewal_whose_sender_is_gone_before_it_is_accepted(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempts = new List<AttemptProbe>();
        for (var number = 0; number < 3; number++)
        {
            var attempt = await node.StartAsync(node.Shell("echo ready; exec sleep 600") with { LeaseDeadlineMs = BootClock.Milliseconds + 3_600_000, TermGraceMs = 300 });
            await attempt.OutputAsync("ready");
            attempts.Add(attempt);
        }

        foreach (var attempt in attempts)
            Assert.Equal(0, Libc.Kill(attempt.Connection.SupervisorPid!.Value, Signals.Stop));
        Assert.Equal(attempts.Count, SupervisorRenewal.RenewAll(node.Path, BootClock.Milliseconds));
        foreach (var attempt in attempts)
            Assert.Equal(0, Libc.Kill(attempt.Connection.SupervisorPid!.Value, Signals.Continue));

        // A lease that is over at once shows that the word was heard.
        foreach (var attempt in attempts)
            Assert.Equal(ExitCause.Lease, (await attempt.EndAsync()).Cause);
    }

    [Fact]
    public async Task Attempts_that_have_ended_are_not_counted()
    {
        await using var node = new NodeFixture(SupervisorRuntime.Native);
        var attempt = await node.StartShellAsync("exit 0");
        await attempt.EndAsync();
        Assert.Equal(0, SupervisorRenewal.RenewAll(node.Path, BootClock.Milliseconds));
    }
}
