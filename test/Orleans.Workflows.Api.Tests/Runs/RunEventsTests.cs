using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Api.Runs;
using Orleans.Workflows.Api.Tests.Running;
using Orleans.Workflows.Ledger;

namespace Orleans.Workflows.Api.Tests.Runs;

[Collection(ServerCollection.Name)]
public sealed class RunEventsTests(ServerFixture server)
{
    private const string Talk = """{"text":"one"},{"tool":"Bash","input":{},"output":"x","ms":5},{"text":"three"},{"result":"done"}""";

    [Fact]
    public async Task Pages_and_the_live_stream_tell_the_same_history_without_gaps()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var run = await server.StartAsync(Talk);
        var live = new List<(string Id, string Type, JsonElement Json)>();
        await foreach (var item in EventStream.ReadAsync(server.Http, run, null, cancellation))
        {
            live.Add(item);
        }

        Assert.Equal("accepted", live[0].Type);
        Assert.Equal("ended", live[^1].Type);
        Assert.Contains(live, item => item.Type == "tool_started");
        Assert.Equal(Enumerable.Range(1, live.Count).Select(seq => $"{seq}"), live.Select(item => item.Id));
        Assert.All(live, item => Assert.Equal(item.Type, item.Json.GetProperty("type").GetString()));

        var paged = new List<string>();
        for (var (after, more) = (0L, true); more;)
        {
            var page = (await server.GetAsync($"/runs/{run}/events?after={after}&limit=2")).Json;
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetRawText()));
            (after, more) = (page.GetProperty("nextAfter").GetInt64(), page.GetProperty("hasMore").GetBoolean());
        }

        Assert.Equal(live.Select(item => item.Json.GetRawText()), paged);
    }

    [Fact]
    public async Task A_reconnect_goes_on_behind_the_last_event_and_ends_with_204()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var run = await server.StartAsync(Talk);
        await server.EndAsync(run);
        var rest = new List<string>();
        await foreach (var item in EventStream.ReadAsync(server.Http, run, "2", cancellation))
        {
            rest.Add(item.Id);
        }

        Assert.Equal("3", rest[0]);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{run}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Add("Last-Event-ID", rest[^1]);
        Assert.Equal(204, (int)(await server.SendAsync(request)).Status);
    }

    [Fact]
    public async Task An_event_comes_while_the_run_still_runs()
    {
        var run = await server.StartAsync("""{"text":"up"},{"hang":true}""");
        var message = await server.EventAsync(run, "agent_message");
        Assert.Equal("up", message.GetProperty("text").GetString());
        Assert.Equal(1, message.GetProperty("attempt").GetInt32());
        Assert.Equal("Running", (await server.GetAsync($"/runs/{run}")).Text("status"));
        await server.PostAsync($"/runs/{run}/terminate");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task A_database_that_is_away_is_a_whole_problem_and_no_half_answer(string accept)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var run = await server.StartAsync(Talk);
        await server.EndAsync(run);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.UseWorkflowsApi(new("http://127.0.0.1"));
        var ledger = FaultyLedger.Around(server.Ledger, nameof(ILedger.ReadEventsAsync));
        new RunEventsEndpoints(new(server.Services.GetRequiredService<IGrainFactory>()), ledger, app.Lifetime).Map(app);
        await app.StartAsync(cancellation);
        using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/runs/{run}/events") { Headers = { { "Accept", accept } } };
        using var response = await http.SendAsync(request, cancellation);

        new ApiReply(response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsByteArrayAsync(cancellation)).ProblemField(503, "unavailable");
    }

    [Theory]
    [InlineData("after=-1", "after")]
    [InlineData("limit=1001", "limit")]
    public async Task A_wrong_page_is_refused(string query, string field) =>
        Assert.Equal(field, (await server.GetAsync($"/runs/0199c0de-0000-7000-8000-000000000000/events?{query}")).ProblemField(400));
}
