using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Supervisor.Tests;

public sealed class AttemptRemainsTests
{
    [Theory, BothRuntimes]
    public async Task What_was_never_launched_never_will_be(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var directory = node.NewAttempt();
        var spec = node.Shell("echo executed");
        directory.Create();
        Assert.IsType<AttemptRemains.NeverStarted>(Look(directory));

        // The launch that comes late all the same.
        var late = await node.ExecuteAsync(directory, spec);
        Assert.Equal(ExitCause.Voided, (await late.EndAsync()).Cause);
        Assert.False(File.Exists(directory.StdoutPath));
    }

    [Fact]
    public async Task What_was_given_up_before_it_was_executed_is_not_executed_later()
    {
        await using var node = new NodeFixture(SupervisorRuntime.Native);
        var directory = node.NewAttempt();
        var spec = node.Shell("echo executed");
        directory.Create();
        Assert.IsType<AttemptRemains.Lost>(AttemptRemains.Look(directory, bootId: null, wasStarted: true, TimeProvider.System));

        var late = await node.ExecuteAsync(directory, spec);
        Assert.Equal(ExitCause.Voided, (await late.EndAsync()).Cause);
        Assert.False(File.Exists(directory.StdoutPath));
    }

    [Fact]
    public async Task Missing_files_prove_nothing_where_the_ledger_knows_a_process_or_the_machine_went_down()
    {
        await using var node = new NodeFixture(SupervisorRuntime.Native);
        var directory = node.NewAttempt();
        Assert.IsType<AttemptRemains.NeverStarted>(Look(directory));
        Assert.IsType<AttemptRemains.Lost>(AttemptRemains.Look(directory, ProcessIdentity.BootId, wasStarted: true, TimeProvider.System));
        Assert.IsType<AttemptRemains.Lost>(AttemptRemains.Look(directory, "another boot", wasStarted: false, TimeProvider.System));
    }

    [Theory, BothRuntimes]
    public async Task A_lock_that_somebody_holds_is_looked_at_again(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var directory = node.NewAttempt();
        directory.Create();
        using (directory.TryLock())
        {
            Assert.IsType<AttemptRemains.Held>(Look(directory));
        }

        Assert.False(directory.IsVoid);

        // A process that another test begins has a copy of the lock until it executes.
        await WaitFor.Condition(() => Look(directory) is AttemptRemains.NeverStarted, () => "", TestTimeouts.Process, cancellationToken: TestContext.Current.CancellationToken);
    }

    [Theory, BothRuntimes]
    public async Task A_life_is_seen_from_its_files(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartShellAsync("exec sleep 600");
        await attempt.NextAsync<SupervisorSignal.Spawned>();
        var supervised = Assert.IsType<AttemptRemains.Supervised>(Look(attempt.Files));
        await supervised.Connection.DisposeAsync();
        await attempt.Connection.TerminateAsync("t", TerminateMode.Now);
        var end = await attempt.EndAsync();
        Assert.Equal(end.Cause, Assert.IsType<AttemptRemains.Ended>(Look(attempt.Files)).Record.Cause);
    }

    [Theory, BothRuntimes]
    public async Task A_supervisor_that_was_killed_is_lost(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartShellAsync("exec sleep 600");
        await attempt.NextAsync<SupervisorSignal.Spawned>();
        Assert.Equal(0, Libc.Kill(attempt.Connection.SupervisorPid!.Value, Signals.Kill));
        await attempt.NextAsync<SupervisorSignal.Lost>();
        Assert.IsType<AttemptRemains.Lost>(Look(attempt.Files));
    }

    [Theory, BothRuntimes]
    public async Task A_stopped_supervisor_blocks_nobody_who_connects_and_can_be_ended(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartShellAsync("exec sleep 600");
        var agent = (await attempt.NextAsync<SupervisorSignal.Spawned>()).Agent;
        var supervisor = attempt.Files.ReadSupervisor()!;
        Assert.Equal(0, Libc.Kill(supervisor.Pid, Signals.Stop));

        // Its backlog fills up; nobody accepts.
        var connections = new List<SupervisorConnection>();
        AttemptRemains remains;
        while ((remains = Look(attempt.Files)) is AttemptRemains.Supervised supervised)
            connections.Add(supervised.Connection);
        Assert.Equal(supervisor, Assert.IsType<AttemptRemains.Held>(remains).Supervisor);

        Assert.True(SupervisorEnding.TryKill(attempt.Files, hasLingered: false));
        await agent.EndedAsync();
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    private static AttemptRemains Look(AttemptDirectory directory) =>
        AttemptRemains.Look(directory, ProcessIdentity.BootId, wasStarted: false, TimeProvider.System);
}
