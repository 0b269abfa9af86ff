using System.Text.Json.Nodes;
using Orleans.Workflows.Api.Tests.Running;

namespace Orleans.Workflows.Api.Tests.Runs;

[Collection(ServerCollection.Name)]
public sealed class ListRunsTests(ServerFixture server)
{
    [Fact]
    public async Task Filters_and_pages_give_every_run_once()
    {
        var caller = $"list-{Guid.NewGuid():N}";
        var started = new HashSet<string>();
        for (var i = 0; i < 5; i++)
        {
            var reply = await server.PostAsync("/runs", ScriptedRun.Body(ScriptedRun.Short, body => body["labels"] = new JsonObject { ["n"] = $"{i % 2}" }), ("X-Caller", caller));
            started.Add(reply.Text("id")!);
        }

        foreach (var run in started)
        {
            await server.EndAsync(run);
        }

        var seen = new List<string>();
        for (string? cursor = null, path = $"/runs?caller={caller}&status=Completed&sort=cost&order=asc&limit=2"; path is not null;)
        {
            var page = await server.GetAsync(cursor is null ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}");
            Assert.Equal(5, page.Json.GetProperty("total").GetInt64());
            seen.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(run => run.GetProperty("id").GetString()!));
            cursor = page.Text("nextCursor");
            path = cursor is null ? null : path;
        }

        Assert.Equal(started.Order(), seen.Order());
        Assert.Equal(2, (await server.GetAsync($"/runs?caller={caller}&label=n:1")).Json.GetProperty("total").GetInt64());
        Assert.Equal(0, (await server.GetAsync($"/runs?caller={caller}&status=queued&status=Failed")).Json.GetProperty("total").GetInt64());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await server.GetAsync($"/runs?caller={caller}&total=false")).Json.GetProperty("total").ValueKind);
        Assert.Equal(0, (await server.GetAsync($"/runs?caller={caller}&createdTo=2000-01-01T00:00:00Z")).Json.GetProperty("total").GetInt64());
        Assert.Equal(5, (await server.GetAsync($"/runs?caller={caller}&reason=success&createdFrom=2000-01-01T00:00:00Z")).Json.GetProperty("total").GetInt64());
        var node = (await server.GetAsync($"/runs/{started.First()}")).Text("node");
        Assert.Equal(5, (await server.GetAsync($"/runs?caller={caller}&node={node}&leaked=false")).Json.GetProperty("total").GetInt64());
        Assert.Equal(0, (await server.GetAsync($"/runs?caller={caller}&node=elsewhere")).Json.GetProperty("total").GetInt64());
        Assert.Equal(0, (await server.GetAsync($"/runs?caller={caller}&leaked=true")).Json.GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("leaked=perhaps", "leaked")]
    [InlineData("node=", "node")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("status=Complete", "status")]
    [InlineData("status=20", "status")]
    [InlineData("stauts=Completed", "stauts")]
    [InlineData("sort=name", "sort")]
    [InlineData("order=up", "order")]
    [InlineData("label=nocolon", "label")]
    [InlineData("session=me", "session")]
    [InlineData("createdFrom=yesterday", "createdFrom")]
    [InlineData("cursor=garbage", "cursor")]
    [InlineData("total=maybe", "total")]
    [InlineData("workflow=%00", "workflow")]
    [InlineData("workflow=", "workflow")]
    public async Task A_wrong_parameter_is_named(string query, string field) =>
        Assert.Equal(field, (await server.GetAsync($"/runs?{query}")).ProblemField(400));
}
