using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

public sealed class LostSupervisorTests
{
    [Theory, BothRuntimes]
    public async Task The_agent_dies_with_its_supervisor_and_the_sweep_ends_the_rest(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartShellAsync("setsid sh -c 'echo own=$$; exec sleep 600' & echo agent=$$; exec sleep 600");
        var agent = await attempt.ProcessAsync("agent");
        var own = await attempt.ProcessAsync("own");
        Assert.Equal(0, Libc.Kill(attempt.Connection.SupervisorPid!.Value, Signals.Kill));

        await attempt.NextAsync<SupervisorSignal.Lost>();
        await agent.EndedAsync();
        Assert.True(ProcessIdentity.IsAlive(own));
        Assert.Null(attempt.Files.ReadExit());

        var sweep = await EnvironmentSweep.RunAsync(attempt.Files.MarkerValue, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(sweep.IsClean);
        Assert.Equal((own.Pid, "sleep"), Assert.Single(sweep.Ended.Values.Select(ended => (ended.Pid, ended.Name))));
        await own.EndedAsync();
    }

    [Theory, BothRuntimes]
    public async Task The_sweep_leaves_other_attempts_alone(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartShellAsync("echo agent=$$; exec sleep 600");
        var agent = await attempt.ProcessAsync("agent");
        var sweep = await EnvironmentSweep.RunAsync(attempt.Files.MarkerValue + "1", TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Empty(sweep.Ended);
        Assert.True(ProcessIdentity.IsAlive(agent));
    }

    [Theory, BothRuntimes]
    public async Task A_supervisor_that_was_started_here_leaves_no_zombie(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartShellAsync("exec sleep 600");
        await attempt.NextAsync<SupervisorSignal.Spawned>();
        var supervisor = attempt.Files.ReadSupervisor()!;
        await attempt.Connection.TerminateAsync("t", TerminateMode.Now);
        await attempt.EndAsync();
        await supervisor.EndedAsync();
    }
}
