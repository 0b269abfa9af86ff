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
}
