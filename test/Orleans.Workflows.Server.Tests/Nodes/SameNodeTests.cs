using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.Nodes;

/// <summary>Two servers that were given one node id, and one that comes back.</summary>
public sealed class SameNodeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-same-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_second_server_with_the_id_of_a_living_one_does_not_start_and_names_the_setting()
    {
        await using var first = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Execution:Node"] = "n" });
        var database = new Dictionary<string, string> { ["Execution:Node"] = "n", ["Database:ConnectionString"] = $"Data Source={Path.Combine(first.StateDirectory, "ledger.db")}" };
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => WorkflowsServer.StartAsync(database, directory: _directory));
        Assert.Contains("Workflows:Execution:Node", refused.Message, StringComparison.Ordinal);
        var row = Assert.Single(await first.Ledger.ReadNodesAsync(TestContext.Current.CancellationToken));
        Assert.NotEqual("", row.SiloAddress);
    }

    [Fact]
    public async Task A_server_that_was_killed_comes_back_at_once_even_where_its_port_is_taken()
    {
        var token = TestContext.Current.CancellationToken;
        var settings = new Dictionary<string, string> { ["Workflows__StateDirectory"] = _directory, ["Workflows__Execution__NodeLease"] = "01:00:00" };
        for (var number = 0; number < 3; number++)
        {
            await using var server = await ServerProcess.StartAsync(settings, token);
            await server.KillAsync();

            // As on a machine, or in a container, with another address.
            File.Delete(Path.Combine(_directory, "silo-port"));
        }
    }
}
