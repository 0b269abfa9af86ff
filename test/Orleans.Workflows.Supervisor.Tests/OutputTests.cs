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
        directory.Create(spec, TimeProvider.System);
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
