using Orleans.Workflows.Api.Tests.Running;

namespace Orleans.Workflows.Api.Tests.Batches;

[Collection(ServerCollection.Name)]
public sealed class BadBatchTests(ServerFixture server)
{
    [Theory]
    [InlineData("filter", """{"operation":"Cancel"}""")]
    [InlineData("filter", """{"operation":"Cancel","filter":null}""")]
    [InlineData("filter", """{"operation":"Cancel","filter":{}}""")]
    [InlineData("filter", """{"operation":"Cancel","filter":{"status":[],"labels":{},"queue":null}}""")]
    [InlineData("filter", """{"operation":"Cancel","filter":"all"}""")]
    [InlineData("operation", """{"filter":{"queue":"q"}}""")]
    [InlineData("operation", """{"operation":"Stop","filter":{"queue":"q"}}""")]
    [InlineData("operation", """{"operation":"Cancel,Terminate","filter":{"queue":"q"}}""")]
    [InlineData("operation", """{"operation":"1","filter":{"queue":"q"}}""")]
    [InlineData("operation", """{"operation":9,"filter":{"queue":"q"}}""")]
    [InlineData("filter.status", """{"operation":"Cancel","filter":{"status":["Complete"]}}""")]
    [InlineData("filter.status", """{"operation":"Cancel","filter":{"status":["Queued,Running"]}}""")]
    [InlineData("filter.status", """{"operation":"Cancel","filter":{"status":[99]}}""")]
    [InlineData("filter.status", """{"operation":"Cancel","filter":{"status":"Queued"}}""")]
    [InlineData("filter.statuses", """{"operation":"Cancel","filter":{"statuses":["Queued"]}}""")]
    [InlineData("filter.queue", """{"operation":"Cancel","filter":{"queue":""}}""")]
    [InlineData("filter.queue", """{"operation":"Cancel","filter":{"queue":7}}""")]
    [InlineData("filter.session", """{"operation":"Cancel","filter":{"session":"mine"}}""")]
    [InlineData("filter.leaked", """{"operation":"Cancel","filter":{"leaked":"true"}}""")]
    [InlineData("filter.createdTo", """{"operation":"Cancel","filter":{"createdTo":"yesterday"}}""")]
    [InlineData("filter.labels.k", """{"operation":"Cancel","filter":{"labels":{"k":null}}}""")]
    [InlineData("filter.labels.k", """{"operation":"Cancel","filter":{"labels":{"k":1}}}""")]
    [InlineData("filter.labels", """{"operation":"Cancel","filter":{"labels":["k"]}}""")]
    [InlineData("body", "[]")]
    public async Task What_is_wrong_is_named_and_nothing_begins(string field, string body)
    {
        Assert.Equal(field, (await server.PostAsync("/batches", body)).ProblemField(400));
        Assert.Empty((await server.GetAsync("/batches")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task An_empty_filter_is_told_how_to_mean_every_run()
    {
        var reply = await server.PostAsync("/batches", """{"operation":"Cancel","filter":{}}""");
        Assert.Equal("filter", reply.ProblemField(400, "invalid"));
        Assert.Contains("createdTo", reply.Text("remedy"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cursor=x", "cursor")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("status=Running", "status")]
    public async Task A_wrong_parameter_is_named(string query, string field) =>
        Assert.Equal(field, (await server.GetAsync($"/batches?{query}")).ProblemField(400));

    [Fact]
    public async Task A_reason_that_is_too_long_is_refused() =>
        Assert.Equal("reason", (await server.PostAsync("/batches", $$"""{"operation":"Cancel","filter":{"queue":"q"},"reason":"{{new string('x', 1_001)}}"}""")).ProblemField(400));
}
