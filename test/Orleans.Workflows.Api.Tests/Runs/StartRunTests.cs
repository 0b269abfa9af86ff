using Orleans.Workflows.Api.Tests.Running;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Tests.Runs;

[Collection(ServerCollection.Name)]
public sealed class StartRunTests(ServerFixture server)
{
    [Fact]
    public async Task A_run_is_created_then_completes_with_its_numbers()
    {
        var started = await server.PostAsync("/runs", ScriptedRun.Body(ScriptedRun.Short, body => body["labels"] = new System.Text.Json.Nodes.JsonObject { ["team"] = "a" }), ("X-Caller", "tester"), ("X-Correlation-Id", "mine-1"));
        Assert.Equal(201, (int)started.Status);
        Assert.Equal($"/api/v1/runs/{started.Text("id")}", started.Headers.Location?.ToString());
        Assert.Equal("mine-1", started.Header("X-Correlation-Id"));
        Assert.Equal("mine-1", started.Text("correlationId"));
        Assert.Equal("tester", started.Text("caller"));
        Assert.Equal("Queued", started.Text("status"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, started.Json.GetProperty("turns").ValueKind);

        var ended = (await server.EndAsync(started.Text("id")!)).Json;
        Assert.Equal("Completed", ended.GetProperty("status").GetString());
        Assert.Equal(1, ended.GetProperty("turns").GetInt32());
        Assert.Equal(100, ended.GetProperty("usage").GetProperty("inputTokens").GetInt64());
        Assert.Equal(20, ended.GetProperty("usage").GetProperty("outputTokens").GetInt64());
        Assert.Equal(0.25m, ended.GetProperty("usage").GetProperty("costUsd").GetDecimal());
        Assert.Equal("done", ended.GetProperty("result").GetProperty("text").GetString());
        Assert.Equal("a", ended.GetProperty("labels").GetProperty("team").GetString());
        Assert.True(ended.GetProperty("wallMs").GetInt64() >= 0);
        Assert.True(ended.GetProperty("apiMs").GetInt64() >= 0);
        Assert.EndsWith("Z", ended.GetProperty("createdAt").GetString());
        Assert.Equal($"/api/v1/runs/{started.Text("id")}/events", ended.GetProperty("links").GetProperty("events").GetString());

        var attempts = (await server.GetAsync($"/runs/{started.Text("id")}/attempts")).Json.GetProperty("items");
        Assert.Equal(0, attempts[0].GetProperty("exitCode").GetInt32());
        var usage = (await server.GetAsync($"/runs/{started.Text("id")}/usage")).Json;
        Assert.Equal(100, usage.GetProperty("items")[0].GetProperty("usage").GetProperty("inputTokens").GetInt64());
        var audit = (await server.GetAsync($"/runs/{started.Text("id")}/audit")).Json.GetProperty("items");
        Assert.Equal("start", audit[0].GetProperty("action").GetString());
    }

    [Fact]
    public async Task A_key_gives_the_same_run_again_and_refuses_another_request()
    {
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        var first = await server.PostAsync("/runs", ScriptedRun.Body(ScriptedRun.Short), key);
        var again = await server.PostAsync("/runs", ScriptedRun.Body(ScriptedRun.Short), key);
        Assert.Equal((201, 200), ((int)first.Status, (int)again.Status));
        Assert.Equal(first.Text("id"), again.Text("id"));
        Assert.Equal("Idempotency-Key", (await server.PostAsync("/runs", ScriptedRun.Body("""{"result":"other"}"""), key)).ProblemField(422, "key_reused"));

        // Another caller's key is another key.
        var other = await server.PostAsync("/runs", ScriptedRun.Body(ScriptedRun.Short), key, ("X-Caller", "somebody-else"));
        Assert.Equal(201, (int)other.Status);
    }

    [Fact]
    public async Task A_repository_beside_the_input_is_the_workflow_s_input_too()
    {
        var beside = await server.PostAsync("/runs", """{"workflow":"worktree","message":"x","repository":"/srv/a"}""");
        Assert.True((int)beside.Status == 201, beside.Body);
        Assert.Equal(201, (int)(await server.PostAsync("/runs", """{"workflow":"worktree","message":"x","repository":"/srv/a","input":{"repository":"/srv/a"}}""")).Status);
        Assert.Equal("input.repository", (await server.PostAsync("/runs", """{"workflow":"worktree","message":"x"}""")).ProblemField(400));

        var differs = await server.PostAsync("/runs", """{"workflow":"worktree","message":"x","repository":"/srv/a","input":{"repository":"/srv/b"}}""");
        Assert.Equal("repository", differs.ProblemField(400));
        Assert.Contains("input.repository", differs.Text("remedy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fifty_posts_of_one_key_at_once_start_one_run()
    {
        var caller = $"many-{Guid.NewGuid():N}";
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.PostAsync("/runs", ScriptedRun.Body(ScriptedRun.Short), ("Idempotency-Key", "k"), ("X-Caller", caller))));
        Assert.Single(replies.Select(reply => reply.Text("id")).Distinct());
        Assert.Single(replies, reply => (int)reply.Status == 201);
        Assert.Equal(49, replies.Count(reply => (int)reply.Status == 200));
        Assert.Equal(1, (await server.Ledger.ListRunsAsync(new RunQuery { Caller = caller }, TestContext.Current.CancellationToken)).Total);
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true)]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01", false)]
    [InlineData("nonsense", false)]
    public async Task A_valid_trace_context_is_kept_and_echoed_and_another_ignored(string parent, bool valid)
    {
        var reply = await server.PostAsync("/runs", ScriptedRun.Body(ScriptedRun.Short), ("traceparent", parent));
        Assert.Equal(201, (int)reply.Status);
        Assert.Equal(valid ? parent : null, reply.Header("traceparent"));
        var row = await server.Ledger.ReadRunAsync(RunId.Parse(reply.Text("id")!), TestContext.Current.CancellationToken);
        Assert.Equal(valid ? parent : null, row!.TraceParent);
    }

    [Theory]
    [InlineData("GET", "/health/live")]
    [InlineData("GET", "/nowhere")]
    [InlineData("DELETE", "/runs")]
    [InlineData("GET", "/runs/zero")]
    public async Task Every_answer_has_a_correlation_id(string method, string path)
    {
        Assert.Equal("a.b:c-1", (await server.SendAsync(new HttpMethod(method), path, null, ("X-Correlation-Id", "a.b:c-1"))).Header("X-Correlation-Id"));
        var unsafeId = await server.SendAsync(new HttpMethod(method), path, null, ("X-Correlation-Id", "a b<script>"));
        Assert.Matches("^[0-9a-f]{32}$", unsafeId.Header("X-Correlation-Id"));
    }

    [Fact]
    public async Task A_result_that_is_not_there_yet_says_so_and_when_to_ask_again()
    {
        var run = await server.StartAsync("""{"text":"up"},{"hang":true}""");
        var reply = await server.GetAsync($"/runs/{run}/result");
        Assert.Equal("id", reply.ProblemField(409, "run_active"));
        Assert.True(reply.Json.GetProperty("retryable").GetBoolean());
        Assert.NotNull(reply.Header("Retry-After"));
        await server.PostAsync($"/runs/{run}/terminate");
    }
}
