using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

public sealed class InputTests
{
    [Theory, BothRuntimes]
    public async Task A_repeated_message_is_written_once_and_acknowledged_again(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(node.Shell("cat") with { KeepStandardInputOpen = true, StandardInput = "zero\n"u8.ToArray() });
        await attempt.Connection.SendInputAsync("m1", "one\n"u8.ToArray());
        await attempt.Connection.SendInputAsync("m1", "one\n"u8.ToArray());
        await attempt.Connection.SendInputAsync("m2", "two\n"u8.ToArray());
        await attempt.NextAsync<SupervisorSignal.Acked>(acked => acked.Id == "m2");
        Assert.Equal(["m1", "m1", "m2"], attempt.Seen.OfType<SupervisorSignal.Acked>().Select(acked => acked.Id));
        await attempt.Connection.CloseStdinAsync();
        Assert.Equal((ExitCause.Exited, 0), ((await attempt.EndAsync()).Cause, attempt.Files.ReadExit()!.ExitCode));
        Assert.Equal("zero\none\ntwo\n", attempt.StdoutText);
    }

    [Theory, BothRuntimes]
    public async Task What_was_written_is_known_after_the_end_though_nobody_heard_the_answers(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(node.Shell("exec sleep 600") with { KeepStandardInputOpen = true, StandardInput = "zero\n"u8.ToArray() });
        var (first, second, never) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await attempt.Connection.SendInputAsync(first.ToString(), "one\n"u8.ToArray());
        await attempt.Connection.SendInputAsync(first.ToString(), "one\n"u8.ToArray());
        await attempt.Connection.SendInputAsync(second.ToString(), "two\n"u8.ToArray());
        await attempt.NextAsync<SupervisorSignal.Acked>(acked => acked.Id == second.ToString());
        await attempt.Connection.CloseStdinAsync();
        await attempt.Connection.SendInputAsync(never.ToString(), "three\n"u8.ToArray());
        await attempt.NextAsync<SupervisorSignal.Refused>(refused => refused.Id == never.ToString());
        Assert.Equal(0, Libc.Kill(attempt.Connection.SupervisorPid!.Value, Signals.Kill));
        await attempt.NextAsync<SupervisorSignal.Lost>();
        Assert.Equal([first, second], attempt.Files.ReadTold());
    }

    [Theory, BothRuntimes]
    public async Task Input_after_the_close_is_refused(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartShellAsync("cat; echo closed; exec sleep 600");
        await attempt.OutputAsync("closed");
        await attempt.Connection.SendInputAsync("late", "x"u8.ToArray());
        Assert.Equal("late", (await attempt.NextAsync<SupervisorSignal.Refused>()).Id);
    }

    [Theory, BothRuntimes]
    public async Task Input_larger_than_the_pipe_is_acknowledged_only_when_it_was_taken(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        await Tool.RunAsync("mkfifo", Path.Combine(node.Path, "fifo"));
        var attempt = await node.StartAsync(node.Shell("echo ready; read go < fifo; wc -c") with { KeepStandardInputOpen = true });
        await attempt.Connection.SendInputAsync("big", new byte[1 << 20]);
        await attempt.Connection.InterruptAsync("small", "x"u8.ToArray());
        await attempt.Connection.SignalInterruptAsync();
        await attempt.EndAsync();
        Assert.DoesNotContain(attempt.Seen, signal => signal is SupervisorSignal.Acked);
        Assert.Equal(["big", "small"], attempt.Seen.OfType<SupervisorSignal.Refused>().Select(refused => refused.Id));
    }
}
