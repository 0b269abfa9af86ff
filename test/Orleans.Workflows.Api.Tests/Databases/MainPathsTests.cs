using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Workflows.Api.Tests.Running;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Api.Tests.Databases;

/// <summary>The paths that every caller walks, on both databases.</summary>
public sealed class MainPathsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task A_run_is_started_once_listed_shown_followed_and_canceled(string database)
    {
        await using var own = await WorkflowsServer.StartAsync(connectionString: database == "postgresql" ? postgres.ConnectionString : null);
        var server = new ServerFixture(own);
        var caller = ("X-Caller", "main-paths");

        // Start; the same key again, at once and later, is the same run.
        var body = ScriptedRun.Body(ScriptedRun.Short, request => request["labels"] = new JsonObject { ["team"] = "a" });
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.PostAsync("/runs", body, caller, ("Idempotency-Key", "k"))));
        Assert.Single(replies, reply => (int)reply.Status == 201);
        var run = Assert.Single(replies.Select(reply => reply.Text("id")).Distinct())!;
        Assert.Equal("Idempotency-Key", (await server.PostAsync("/runs", ScriptedRun.Body("""{"result":"other"}"""), caller, ("Idempotency-Key", "k"))).ProblemField(422, "key_reused"));

        // Show.
        var ended = await server.EndAsync(run);
        Assert.Equal(("Completed", 1), (ended.Text("status"), ended.Json.GetProperty("turns").GetInt32()));
        Assert.Equal((100, 0.25m), (ended.Json.GetProperty("usage").GetProperty("inputTokens").GetInt64(), ended.Json.GetProperty("usage").GetProperty("costUsd").GetDecimal()));
        Assert.Equal("done", ended.Json.GetProperty("result").GetProperty("text").GetString());

        // List by pages.
        var more = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => (await server.PostAsync("/runs", body, caller)).Text("id")!));
        foreach (var started in more)
        {
            await server.EndAsync(started);
        }

        Assert.Equal([.. more.Append(run).Order()], (await PagesAsync(server, "/runs?caller=main-paths&label=team:a&status=Completed&sort=cost&limit=2")).Order());

        // Events by pages and live.
        var live = new List<string>();
        await foreach (var item in EventStream.ReadAsync(server.Http, run, null, TestContext.Current.CancellationToken))
        {
            live.Add(item.Json.GetRawText());
        }

        Assert.Equal(live, (await server.GetAsync($"/runs/{run}/events?limit=1000")).Json.GetProperty("items").EnumerateArray().Select(item => item.GetRawText()));
        Assert.Equal("ended", JsonElement.Parse(live[^1]).GetProperty("type").GetString());
        Assert.Contains("hello", (await server.GetAsync($"/runs/{run}/transcript")).Body, StringComparison.Ordinal);

        // Cancel.
        var hanging = await server.StartAsync("""{"text":"up"},{"hang":true}""");
        await server.EventAsync(hanging, "agent_message");
        Assert.Contains((int)(await server.PostAsync($"/runs/{hanging}/cancel", """{"reason":"enough"}""")).Status, new[] { 200, 202 });
        Assert.Equal("Canceled", (await server.EndAsync(hanging)).Text("status"));

        // Totals and nodes come from the same database.
        var totals = (await server.GetAsync("/metrics/totals")).Json.GetProperty("items").EnumerateArray().Single();
        Assert.Equal(5, totals.GetProperty("runs").GetProperty("Completed").GetInt64());
        Assert.Equal("Active", Assert.Single((await server.GetAsync("/nodes")).Json.GetProperty("items").EnumerateArray()).GetProperty("status").GetString());
    }

    private static async Task<List<string>> PagesAsync(ServerFixture server, string path)
    {
        var seen = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await server.GetAsync(cursor.Length == 0 ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}");
            Assert.Equal(5, page.Json.GetProperty("total").GetInt64());
            seen.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(run => run.GetProperty("id").GetString()!));
            cursor = page.Text("nextCursor");
        }

        return seen;
    }
}
