using System.Net.Sockets;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

public sealed class AttachTests
{
    [Theory, BothRuntimes]
    public async Task The_agent_goes_on_without_clients_and_is_found_again(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var started = await node.StartAsync(node.Shell("echo ready; read x; echo $x; exit 6") with { KeepStandardInputOpen = true });
        await started.OutputAsync("ready");
        await started.Connection.DisposeAsync();

        var attached = node.Track(SupervisorConnection.Attach(started.Files, TimeProvider.System)!);
        Assert.Equal(started.Files.ReadAgent(), (await attached.NextAsync<SupervisorSignal.Spawned>()).Agent);
        await attached.NextAsync<SupervisorSignal.Grew>(grew => grew.StdoutBytes == 6);
        await attached.Connection.SendInputAsync("m", "more\n"u8.ToArray());
        Assert.Equal(6, (await attached.EndAsync()).ExitCode);
        Assert.Equal("ready\nmore\n", attached.StdoutText);
        Assert.Null(SupervisorConnection.Attach(started.Files, TimeProvider.System));
    }

    [Theory, BothRuntimes]
    public async Task Two_clients_hear_the_same_end(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var first = await node.StartAsync(node.Shell("echo ready; read x") with { KeepStandardInputOpen = true });
        await first.OutputAsync("ready");
        var second = node.Track(SupervisorConnection.Attach(first.Files, TimeProvider.System)!);
        await second.Connection.SendInputAsync("m", "\n"u8.ToArray());
        Assert.Equal("m", (await first.NextAsync<SupervisorSignal.Acked>()).Id);
        Assert.Equivalent(await first.EndAsync(), await second.EndAsync());
    }

    [Theory, BothRuntimes]
    public async Task A_node_directory_longer_than_a_socket_path_works(SupervisorRuntime runtime)
    {
        var root = Directory.CreateTempSubdirectory("node-").FullName;
        var deep = Directory.CreateDirectory(Path.Combine(root, new string('d', 120))).FullName;
        await using (var node = new NodeFixture(runtime, deep))
        {
            var started = await node.StartAsync(node.Shell("echo ready; read x") with { KeepStandardInputOpen = true });
            await started.OutputAsync("ready");
            var attached = node.Track(SupervisorConnection.Attach(started.Files, TimeProvider.System)!);
            await attached.Connection.SendInputAsync("m", "\n"u8.ToArray());
            Assert.Equal(0, (await attached.EndAsync()).ExitCode);
            await started.EndAsync();
        }

        Directory.Delete(root);
    }

    [Theory, BothRuntimes]
    public async Task A_client_for_whom_no_descriptor_is_left_is_taken_later_and_costs_no_processor_until_then(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartShellAsync("echo ready; sleep 2; echo waited; exec sleep 600");
        await attempt.OutputAsync("ready");
        var supervisor = attempt.Connection.SupervisorPid!.Value;

        // Just below the first free one: the call that waits for descriptors refuses more of them than the limit.
        var taken = Directory.EnumerateFileSystemEntries($"/proc/{supervisor}/fd").Select(entry => int.Parse(Path.GetFileName(entry))).ToHashSet();
        await Tool.RunAsync("prlimit", $"--pid={supervisor}", $"--nofile={Enumerable.Range(0, taken.Count + 1).First(number => !taken.Contains(number))}:");
        var before = CpuMs(supervisor);
        var late = node.Track(SupervisorConnection.Attach(attempt.Files, TimeProvider.System)!);
        await attempt.OutputAsync("waited");
        Assert.InRange(CpuMs(supervisor) - before, 0, 400);
        Assert.Empty(late.Seen);

        await Tool.RunAsync("prlimit", $"--pid={supervisor}", "--nofile=1024:");
        Assert.Equal(attempt.Files.ReadAgent(), (await late.NextAsync<SupervisorSignal.Spawned>()).Agent);
    }

    [Theory, BothRuntimes]
    public async Task A_client_that_speaks_another_language_is_hung_up_on_and_harms_nobody(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(node.Shell("echo ready; read x; exit 3") with { KeepStandardInputOpen = true });
        await attempt.OutputAsync("ready");
        using var stranger = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await stranger.ConnectAsync(new UnixDomainSocketEndPoint(attempt.Files.File(AttemptFiles.Socket)), TestContext.Current.CancellationToken);
        await stranger.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        while (await stranger.ReceiveAsync(new byte[4096], TestContext.Current.CancellationToken) > 0)
        {
            // The state, which every new client is told.
        }

        await attempt.Connection.SendInputAsync("m", "\n"u8.ToArray());
        Assert.Equal(3, (await attempt.EndAsync()).ExitCode);
    }

    // Clock ticks of 10 ms, as on every Linux that .NET runs on.
    private static long CpuMs(int pid)
    {
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(' ');
        return 10 * (long.Parse(fields[13]) + long.Parse(fields[14]));
    }
}
