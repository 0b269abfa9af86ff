using System.Security.Cryptography;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

public sealed class OutputTests
{
    [Theory, BothRuntimes]
    public async Task Both_spools_hold_every_byte_in_order(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var content = new byte[3 << 20];
        new Random(7).NextBytes(content);
        for (var index = 0; index < content.Length; index++)
        {
            if (content[index] == '\n')
                content[index] = 0xff;
        }

        var file = Path.Combine(node.Path, "line");
        await File.WriteAllBytesAsync(file, [.. content, (byte)'\n', 0xc3], TestContext.Current.CancellationToken);
        var attempt = await node.StartShellAsync($"cat {file}; cat {file} {file} >&2");
        var end = await attempt.EndAsync();
        var expected = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(SHA256.HashData(expected), SHA256.HashData(attempt.Stdout));
        Assert.Equal(SHA256.HashData([.. expected, .. expected]), SHA256.HashData(await File.ReadAllBytesAsync(attempt.Files.StderrPath, TestContext.Current.CancellationToken)));
        Assert.Equal((expected.Length, 2 * expected.Length, 0), (end.StdoutBytes, end.StderrBytes, end.LostBytes));
    }

    [Theory, BothRuntimes]
    public async Task At_the_bound_the_agent_waits_and_goes_on_when_the_bound_grows(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(node.Shell("head -c 500000 /dev/zero; echo done >&2") with { StdoutLimit = 100_000 });
        var full = await attempt.NextAsync<SupervisorSignal.SpoolFull>();
        Assert.Equal(new SupervisorSignal.SpoolFull(SpoolStream.Stdout, 100_000, 0), full);
        Assert.Equal(100_000, attempt.Stdout.Length);
        Assert.Equal("", attempt.StderrText);
        Assert.Null(attempt.Files.ReadExit());

        await attempt.Connection.SetLimitsAsync(1_000_000, 1_000_000);
        var end = await attempt.EndAsync();
        Assert.Equal((500_000, 0, 0), (end.StdoutBytes, end.ExitCode, end.LostBytes));
        Assert.Equal(500_000, attempt.Stdout.Length);
    }

    [Theory, BothRuntimes]
    public async Task What_is_in_the_pipe_at_the_end_is_kept_in_spite_of_the_bound(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(node.Shell("head -c 30000 /dev/zero") with { StdoutLimit = 1000 });
        var end = await attempt.EndAsync();
        Assert.Equal((30_000, ExitCause.Exited), (end.StdoutBytes, end.Cause));
        Assert.Equal(30_000, attempt.Stdout.Length);
    }

    [Theory, BothRuntimes]
    public async Task On_a_full_disk_the_agent_waits_and_only_an_operator_gives_bytes_up(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var directory = node.NewAttempt();
        var spec = node.Shell("echo lost");
        directory.Create();
        File.CreateSymbolicLink(directory.StdoutPath, "/dev/full");
        var attempt = await node.ExecuteAsync(directory, spec);
        var full = await attempt.NextAsync<SupervisorSignal.SpoolFull>();
        Assert.Equal(Errno.NoSpace, full.Errno);
        await attempt.NextAsync<SupervisorSignal.SpoolFull>(later => !ReferenceEquals(later, full));
        Assert.Null(attempt.Files.ReadExit());
        await attempt.Connection.TerminateAsync("t", TerminateMode.Now);
        var end = await attempt.EndAsync();
        Assert.Equal((0, 5), (end.StdoutBytes, end.LostBytes));
    }

    [Theory, BothRuntimes]
    public async Task A_full_disk_and_a_lease_that_ends_meanwhile_keep_nobody_busy(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var directory = node.NewAttempt();
        var spec = node.Shell("echo lost") with { LeaseDeadlineMs = BootClock.Milliseconds + 3_600_000 };
        directory.Create();
        File.CreateSymbolicLink(directory.StdoutPath, "/dev/full");
        var attempt = await node.ExecuteAsync(directory, spec);
        var full = await attempt.NextAsync<SupervisorSignal.SpoolFull>();
        await attempt.NextAsync<SupervisorSignal.SpoolFull>(later => !ReferenceEquals(later, full));
        await attempt.Connection.RenewAsync(BootClock.Milliseconds);
        await (await node.StartShellAsync("sleep 0.5")).EndAsync();
        await attempt.Connection.TerminateAsync("t", TerminateMode.Now);
        var end = await attempt.EndAsync();
        Assert.Equal((ExitCause.Exited, 5), (end.Cause, end.LostBytes));
        Assert.InRange(attempt.Seen.OfType<SupervisorSignal.SpoolFull>().Count(), 2, 4);
    }

    [Theory, BothRuntimes]
    public async Task An_end_that_can_t_be_written_is_told_at_once_to_whoever_asks_and_written_later(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var (attempt, supervisor, makeRoom) = await EndWithoutRoomAsync(node);
        var late = node.Track(SupervisorConnection.Attach(attempt.Files, TimeProvider.System)!);
        Assert.Equal(7, (await late.EndAsync()).ExitCode);
        Assert.Null(attempt.Files.ReadExit());
        Assert.True(ProcessIdentity.IsAlive(supervisor));

        makeRoom();
        await supervisor.EndedAsync();
        Assert.Equal(7, attempt.Files.ReadExit()!.ExitCode);
    }

    [Theory, BothRuntimes]
    public async Task An_operator_gives_up_an_end_that_can_t_be_written(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var (attempt, supervisor, _) = await EndWithoutRoomAsync(node);
        await using var late = SupervisorConnection.Attach(attempt.Files, TimeProvider.System)!;
        await late.TerminateAsync("t", TerminateMode.Now);
        await supervisor.EndedAsync();
        Assert.Null(attempt.Files.ReadExit());
    }

    private static async Task<(AttemptProbe Attempt, ProcessRecord Supervisor, Action MakeRoom)> EndWithoutRoomAsync(NodeFixture node)
    {
        var attempt = await node.StartAsync(node.Shell("echo ready; read x; exit 7") with { KeepStandardInputOpen = true });
        await attempt.OutputAsync("ready");
        var supervisor = attempt.Files.ReadSupervisor()!;
        var (record, aside) = (attempt.Files.File(AttemptFiles.Record), attempt.Files.File("aside"));
        File.Move(record, aside);
        File.CreateSymbolicLink(record, "/dev/full");
        await attempt.Connection.SendInputAsync("m", "go on\n"u8.ToArray());
        Assert.Equal(7, (await attempt.EndAsync()).ExitCode);
        return (attempt, supervisor, () => File.Move(aside, record, overwrite: true));
    }

    [Theory, BothRuntimes]
    public async Task Growth_is_told_while_the_agent_runs(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(node.Shell("echo one; read x; echo $x") with { KeepStandardInputOpen = true });
        await attempt.NextAsync<SupervisorSignal.Grew>(grew => grew.StdoutBytes == 4);
        await attempt.Connection.SendInputAsync("m", "two\n"u8.ToArray());
        Assert.Equal(8, (await attempt.EndAsync()).StdoutBytes);
        Assert.Equal("one\ntwo\n", attempt.StdoutText);
    }
}
