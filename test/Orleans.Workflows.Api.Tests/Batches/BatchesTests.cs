using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Workflows.Api.Tests.Running;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Api.Tests.Batches;

/// <summary>Batches over real runs: some at work, some waiting, some paused, on both databases.</summary>
public sealed class BatchesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Slots = 5;
    private static readonly (string, string) Alice = ("X-Caller", "alice");

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task A_batch_touches_exactly_the_runs_that_match(string database)
    {
        var workflows = Directory.CreateTempSubdirectory("ow-batches-");
        Directory.CreateDirectory(Path.Combine(workflows.FullName, "pausing"));
        await File.WriteAllTextAsync(Path.Combine(workflows.FullName, "pausing", "workflow.yaml"), """
            agent: command
            command: [/bin/sh, -c, "exit 75"]
            retry: {maximumAttempts: 1, retryOnExitCodes: [75], onExhausted: pause}
            """, Token);
        var settings = new Dictionary<string, string> { ["Execution:Slots"] = $"{Slots}", ["Workflows:Directories:0"] = workflows.FullName };
        await using var own = await WorkflowsServer.StartAsync(settings, database == "postgresql" ? postgres.ConnectionString : null);
        var server = new ServerFixture(own);

        var paused = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ => (await server.PostAsync("/runs", """{"workflow":"pausing"}""")).Text("id")!));
        await Task.WhenAll(paused.Select(run => StatusAsync(server, run, "Paused")));
        var running = await StartAsync(server, Slots, i => i < 3 ? "red" : "blue");
        await Task.WhenAll(running.Select(run => server.EventAsync(run.Id, "agent_message")));
        var all = running.Concat(await StartAsync(server, 40, i => i % 2 == 0 ? "red" : "blue")).ToArray();
        var (red, blue) = (all.Where(run => run.Team == "red").Select(run => run.Id).ToHashSet(), all.Where(run => run.Team == "blue").Select(run => run.Id).ToHashSet());

        const string Cancel = """{"operation":"Cancel","filter":{"labels":{"team":"red"},"status":["Queued","running"]},"reason":"enough"}""";
        var begun = await server.PostAsync("/batches", Cancel, Alice, ("Idempotency-Key", "k"));
        Assert.Equal((202, $"/api/v1/batches/{begun.Text("id")}"), ((int)begun.Status, begun.Header("Location")));
        var again = await server.PostAsync("/batches", Cancel, Alice, ("Idempotency-Key", "k"));
        Assert.Equal((200, begun.Text("id")), ((int)again.Status, again.Text("id")));
        Assert.Equal("Idempotency-Key", (await server.PostAsync("/batches", Cancel.Replace("enough", "more", StringComparison.Ordinal), Alice, ("Idempotency-Key", "k"))).ProblemField(422, "key_reused"));

        var ended = await EndAsync(server, begun);
        Assert.Equal((23, 23, 0, 0), Counts(ended));
        Assert.Equal(("alice", "enough", """{"status":["Queued","Running"],"labels":{"team":"red"}}"""), (ended.GetProperty("caller").GetString(), ended.GetProperty("reason").GetString(), ended.GetProperty("filter").GetRawText()));
        foreach (var run in red)
        {
            Assert.Equal("Canceled", (await server.EndAsync(run)).Text("status"));
            var audit = Assert.Single((await server.GetAsync($"/runs/{run}/audit")).Json.GetProperty("items").EnumerateArray(), item => item.GetProperty("action").GetString() == "cancel");
            Assert.Equal(("alice", $"batch:{begun.Text("id")}"), (audit.GetProperty("caller").GetString(), audit.GetProperty("correlationId").GetString()));
        }

        foreach (var run in blue)
        {
            Assert.Contains((await server.GetAsync($"/runs/{run}")).Text("status"), new[] { "Queued", "Starting", "Running" });
        }

        // What refuses is told.
        var refused = await RunAsync(server, """{"operation":"Retry","filter":{"labels":{"team":"blue"}}}""");
        Assert.Equal((22, 0, 0, 22), Counts(refused));
        var failures = refused.GetProperty("failures").EnumerateArray().ToArray();
        Assert.Equal(blue.Order(), failures.Select(failure => failure.GetProperty("run").GetString()!).Order());
        Assert.All(failures, failure => Assert.Equal("run_active", failure.GetProperty("code").GetString()));
        Assert.Equal((45, 22, 23, 0), Counts(await RunAsync(server, """{"operation":"Terminate","filter":{"createdTo":"2999-01-01T00:00:00Z","queue":"colours"}}""")));
        await Task.WhenAll(blue.Select(server.EndAsync));

        // Paused ones go on, and pause again.
        Assert.Equal((2, 2, 0, 0), Counts(await RunAsync(server, """{"operation":"Resume","filter":{"workflow":"pausing","status":["Paused"]}}""")));
        await Task.WhenAll(paused.Select(run => WaitFor.Value<object>(async _ => (await server.GetAsync($"/runs/{run}")).Json is var info && info.GetProperty("attempts").GetInt32() == 2 ? info : null, () => run, TestTimeouts.Process, cancellationToken: Token)));

        // Ended ones begin again, each once.
        Assert.Equal((3, 3, 0, 0), Counts(await RunAsync(server, """{"operation":"Retry","filter":{"labels":{"team":"red","n":"a"}}}""")));
        Assert.Equal(3, (await server.GetAsync("/runs?label=team:red&label=n:a&status=Queued&status=Starting&status=Running")).Json.GetProperty("total").GetInt32());

        await PagesAsync(server, 5);
        Assert.Equal("id", (await server.PostAsync($"/batches/{begun.Text("id")}/cancel")).ProblemField(409, "batch_ended"));
        Assert.Equal("id", (await server.GetAsync($"/batches/{Guid.NewGuid()}")).ProblemField(404, "batch_not_found"));
        Assert.Equal("id", (await server.PostAsync($"/batches/{Guid.NewGuid()}/cancel")).ProblemField(404, "batch_not_found"));
        Assert.Equal("id", (await server.GetAsync("/batches/mine")).ProblemField(400));
        workflows.Delete(recursive: true);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The first few have the label <c>n</c> besides.</summary>
    private static Task<(string Id, string Team)[]> StartAsync(ServerFixture server, int count, Func<int, string> team) => Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
    {
        var labels = new JsonObject { ["team"] = team(i), ["n"] = count == Slots && i < 3 ? "a" : "b" };
        var reply = await server.PostAsync("/runs", ScriptedRun.Body("""{"text":"up"},{"hang":true}""", body => (body["labels"], body["queue"]) = (labels, "colours")));
        Assert.Equal(201, (int)reply.Status);
        return (reply.Text("id")!, team(i));
    }));

    private static Task<object> StatusAsync(ServerFixture server, string run, string status) => WaitFor.Value<object>(
        async _ => (await server.GetAsync($"/runs/{run}")).Json is var info && info.GetProperty("status").GetString() == status ? info : null, () => $"{run} is not {status}", TestTimeouts.Process, cancellationToken: Token);

    private static async Task<JsonElement> RunAsync(ServerFixture server, string body)
    {
        var reply = await server.PostAsync("/batches", body, Alice);
        Assert.True((int)reply.Status == 202, reply.Body);
        return await EndAsync(server, reply);
    }

    private static async Task<JsonElement> EndAsync(ServerFixture server, ApiReply begun) => (JsonElement)await WaitFor.Value<object>(
        async _ => (await server.GetAsync($"/batches/{begun.Text("id")}")).Json is var batch && batch.GetProperty("status").GetString() == "Completed" ? batch : null, () => begun.Body, TestTimeouts.Process, cancellationToken: Token);

    private static (int Matched, int Done, int Skipped, int Failed) Counts(JsonElement batch) =>
        (batch.GetProperty("matched").GetInt32(), batch.GetProperty("done").GetInt32(), batch.GetProperty("skipped").GetInt32(), batch.GetProperty("failed").GetInt32());

    private static async Task PagesAsync(ServerFixture server, int count)
    {
        var seen = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await server.GetAsync($"/batches?limit=2{(cursor.Length == 0 ? "" : $"&cursor={cursor}")}");
            Assert.All(page.Json.GetProperty("items").EnumerateArray(), batch => Assert.Equal(JsonValueKind.Null, batch.GetProperty("failures").ValueKind));
            seen.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(batch => batch.GetProperty("id").GetString()!));
            cursor = page.Text("nextCursor");
        }

        Assert.Equal(count, seen.Count);
        Assert.Equal(seen.OrderDescending(StringComparer.Ordinal), seen);
    }
}
