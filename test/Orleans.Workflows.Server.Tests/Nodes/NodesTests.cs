using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Nodes;

/// <summary>The nodes' rows, and the leases that hang on them.</summary>
public sealed class NodesTests
{
    [Fact]
    public async Task A_node_shows_that_it_works_that_it_stopped_or_that_it_was_lost()
    {
        var first = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Execution:Node"] = "first", ["Execution:Slots"] = "3" });
        var run = await first.StartRunAsync(new() { Agent = "scripted", Message = """{"steps":[{"text":"up"},{"hang":true}]}""" });
        var long_ago = DateTimeOffset.UnixEpoch;
        await first.Ledger.PutNodeAsync(new("gone", "10.0.0.9:1", 7, long_ago, long_ago.AddHours(1)), TestContext.Current.CancellationToken);
        var active = await WaitFor.Value<object>(
            async _ => (await NodesAsync(first))["first"] is var node && node.GetProperty("running").GetInt32() == 1 ? node : null,
            () => run.Id.ToString(),
            cancellationToken: TestContext.Current.CancellationToken);
        var node = (JsonElement)active;
        Assert.Equal(("Active", 3), (node.GetProperty("status").GetString(), node.GetProperty("slots").GetInt32()));
        Assert.StartsWith("127.0.0.1:", node.GetProperty("address").GetString(), StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(node.GetProperty("version").GetString()));
        Assert.True(node.GetProperty("leaseUntil").GetDateTimeOffset() > node.GetProperty("lastSeenAt").GetDateTimeOffset());
        Assert.Equal("Lost", (await NodesAsync(first))["gone"].GetProperty("status").GetString());
        await first.StopAsync();

        await using var second = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Execution:Node"] = "second" }, directory: first.Directory);
        var nodes = await NodesAsync(second);
        Assert.Equal("Stopped", nodes["first"].GetProperty("status").GetString());
        Assert.Equal((JsonValueKind.Null, 0), (nodes["first"].GetProperty("address").ValueKind, nodes["first"].GetProperty("running").GetInt32()));
        Assert.Equal("Active", nodes["second"].GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_agent_outlives_its_lease_as_long_as_its_silo_renews_it()
    {
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Execution:Lease"] = "00:00:02" });
        var run = await server.StartRunAsync(new() { Agent = "scripted", Message = """{"steps":[{"text":"long"},{"delayMs":5000},{"result":"done"}]}""" });
        var ended = await server.EndOfAsync(run.Id);
        Assert.True(ended.Status == RunStatus.Completed, $"{ended.Status}: {ended.Reason}");
    }

    [Fact]
    public async Task A_server_whose_database_takes_no_writes_is_not_ready_until_it_does()
    {
        await using var server = await WorkflowsServer.StartAsync();
        await BecomesAsync(HttpStatusCode.OK, "ready");

        // Reads go on, as on a full disk.
        await ExecuteAsync("create trigger nodes_full before update on nodes begin select raise(abort, 'full'); end");
        await BecomesAsync(HttpStatusCode.ServiceUnavailable, "takes no writes");
        await ExecuteAsync("drop trigger nodes_full");
        await BecomesAsync(HttpStatusCode.OK, "ready");

        async Task ExecuteAsync(string sql)
        {
            await using var connection = new SqliteConnection($"Data Source={Path.Combine(server.StateDirectory, "ledger.db")};Pooling=False");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync();
        }

        async Task BecomesAsync(HttpStatusCode status, string text)
        {
            var said = "";
            await WaitFor.Value<object>(
                async cancellation =>
                {
                    using var answer = await server.Http.GetAsync(new Uri("/api/v1/health/ready", UriKind.Relative), cancellation);
                    said = await answer.Content.ReadAsStringAsync(cancellation);
                    return answer.StatusCode == status && said.Contains(text, StringComparison.Ordinal) ? said : null;
                },
                () => said,
                cancellationToken: TestContext.Current.CancellationToken);
        }
    }

    private static async Task<Dictionary<string, JsonElement>> NodesAsync(WorkflowsServer server) =>
        JsonElement.Parse(await server.Http.GetStringAsync(new Uri("/api/v1/nodes", UriKind.Relative))).GetProperty("items").EnumerateArray().ToDictionary(node => node.GetProperty("name").GetString()!);
}
