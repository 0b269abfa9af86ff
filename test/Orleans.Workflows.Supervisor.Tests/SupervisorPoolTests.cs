using Microsoft.Extensions.Options;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

public sealed class SupervisorPoolTests
{
    [Theory, BothRuntimes]
    public async Task A_spare_that_died_is_passed_over(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime, spares: 1);
        await (await node.StartShellAsync("exit 0")).EndAsync();
        var spare = await NextSpareAsync(node);
        Assert.Equal(0, Libc.Kill(spare.Pid, Signals.Kill));
        await UntilAsync(() => spare.IsGone);
        var attempt = await node.StartShellAsync("echo done");
        Assert.Equal(0, (await attempt.EndAsync()).ExitCode);
        Assert.Equal("done\n", attempt.StdoutText);
    }

    [Theory, BothRuntimes]
    public async Task A_spare_that_is_never_told_what_to_execute_ends_with_its_silo(SupervisorRuntime runtime)
    {
        var node = new NodeFixture(runtime, spares: 2);
        ProcessRecord spare;
        await using (node)
        {
            await (await node.StartShellAsync("exit 0")).EndAsync();
            spare = ProcessIdentity.Of((await NextSpareAsync(node)).Pid)!;
        }

        await spare.EndedAsync();
    }

    /// <summary>It is started in the background, once a launch took the one before.</summary>
    private static async Task<WaitingSupervisor> NextSpareAsync(NodeFixture node)
    {
        await UntilAsync(() => node.Spare is not null);
        return node.Spare!;
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!isSo())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
