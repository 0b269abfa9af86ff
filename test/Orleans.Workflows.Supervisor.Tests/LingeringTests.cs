using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

/// <summary>Processes that a supervisor can't end, as those of another user are for one that is not root.</summary>
public sealed class LingeringTests
{
    private const string Other = "setsid setpriv --reuid=65534 --clear-groups sh -c 'echo other=$$; exec sleep 600' & echo agent=$$; exec sleep 600";

    [Theory, BothRuntimes]
    public async Task A_supervisor_whose_processes_live_on_is_not_killed_and_proves_their_end_at_last(SupervisorRuntime runtime)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Without root there is no other user's process.");
        await using var node = new NodeFixture(runtime, mayKill: false);
        var attempt = await node.StartShellAsync(Other);
        var other = await attempt.ProcessAsync("other");
        await attempt.Connection.TerminateAsync("t", TerminateMode.Now);
        await attempt.NextAsync<SupervisorSignal.Lingering>(lingering => lingering.Processes == 1);
        Assert.True(ProcessIdentity.IsAlive(other));
        Assert.True(attempt.Files.HasLingered);

        Assert.False(SupervisorEnding.TryKill(attempt.Files, hasLingered: false));
        Assert.True(ProcessIdentity.IsAlive(attempt.Files.ReadSupervisor()!));

        // Somebody who may ends it.
        Assert.Equal(0, Libc.Kill(other.Pid, Signals.Kill));
        var end = await attempt.EndAsync();
        Assert.True(end.ProvenGone);
        Assert.Contains(end.Survivors, survivor => survivor.Pid == other.Pid);
    }

    [Fact]
    public async Task A_supervisor_that_hangs_is_killed_unless_it_was_told_otherwise_that_processes_live_on()
    {
        await using var node = new NodeFixture(SupervisorRuntime.Native);
        var attempt = await node.StartShellAsync("exec sleep 600");
        await attempt.NextAsync<SupervisorSignal.Spawned>();
        Assert.False(attempt.Files.HasLingered);
        Assert.False(SupervisorEnding.TryKill(attempt.Files, hasLingered: true));
        Assert.True(SupervisorEnding.TryKill(attempt.Files, hasLingered: false));
        await attempt.NextAsync<SupervisorSignal.Lost>();
    }

    [Theory, BothRuntimes]
    public async Task Processes_that_it_may_not_look_into_are_ended_like_any_other(SupervisorRuntime runtime)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Without root there is no other user's process.");
        Assert.SkipUnless(await Tool.ExitCodeAsync("unshare", "--mount", "sh", "-c", NodeFixture.HideOthers) == 0, "Processes can't be hidden here.");
        await using var node = new NodeFixture(runtime, seesOthers: false);
        var attempt = await node.StartShellAsync(Other);
        var other = await attempt.ProcessAsync("other");
        await attempt.Connection.TerminateAsync("t", TerminateMode.Now);
        var end = await attempt.EndAsync();
        Assert.True(end.ProvenGone);
        Assert.False(ProcessIdentity.IsAlive(other));
    }
}
