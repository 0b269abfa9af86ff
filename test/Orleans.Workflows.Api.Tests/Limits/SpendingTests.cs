using System.Text.Json;
using Orleans.Workflows.Api.Tests.Running;

namespace Orleans.Workflows.Api.Tests.Limits;

/// <summary>Limits on tokens and money, with an agent that uses both.</summary>
[Collection(ServerCollection.Name)]
public sealed class SpendingTests(ServerFixture server)
{
    private readonly string _name = $"s-{Guid.NewGuid():N}"[..20];

    private string Money => $"/limits/{_name}";

    private string Tokens => $"/limits/{_name}-tokens";

    [Fact]
    public async Task Who_would_use_more_than_is_left_waits_and_is_told_of_what()
    {
        await PutAsync(Money, $$"""{"dimension":"tenant","key":"{{_name}}","measure":"costUsd","value":0.2,"periodSeconds":3600}""");
        var body = ScriptedRun.Body(ScriptedRun.Short, run => run["tenant"] = _name);
        Assert.Equal("Completed", (await server.EndAsync((await server.PostAsync("/runs", body)).Text("id")!)).Text("status"));

        // One that comes later counts what was used before: all but what was read from a cache.
        await PutAsync(Tokens, $$"""{"dimension":"tenant","key":"{{_name}}","measure":"tokens","value":100,"periodSeconds":3600}""");
        Assert.Equal((0.25m, 127m), (await UsedAsync(_name), await UsedAsync($"{_name}-tokens")));

        var second = (await server.PostAsync("/runs", body)).Text("id")!;
        var why = (JsonElement)await TestKit.Waiting.WaitFor.Value<object>(
            async _ => (await server.GetAsync($"/runs/{second}/explain")).Json is var explained && explained.GetProperty("wait").ValueKind is JsonValueKind.Object ? explained : null,
            () => "it does not wait",
            cancellationToken: TestContext.Current.CancellationToken);
        var text = why.GetProperty("text").GetString();
        Assert.Contains($"limit '{_name}': 0.25 of 0.2 USD used in 3600 s for tenant '{_name}', 0 reserved by who runs; it would reserve", text, StringComparison.Ordinal);
        Assert.Contains($"limit '{_name}-tokens': 127 of 100 tokens used in 3600 s for tenant '{_name}'", text, StringComparison.Ordinal);
        var use = why.GetProperty("wait").GetProperty("causes").EnumerateArray().Single(cause => cause.GetProperty("limit").GetString() == _name).GetProperty("use");
        Assert.Equal((0.25m, 0m), (use.GetProperty("used").GetDecimal(), use.GetProperty("reserved").GetDecimal()));
        Assert.True(use.GetProperty("opensAt").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddMinutes(50));

        await PutAsync(Tokens, $$"""{"dimension":"tenant","key":"{{_name}}","measure":"tokens","value":1000000000,"periodSeconds":3600}""");
        await PutAsync(Money, $$"""{"dimension":"tenant","key":"{{_name}}","measure":"costUsd","value":100.5,"periodSeconds":3600}""");
        Assert.Equal("Completed", (await server.EndAsync(second)).Text("status"));
        await TestKit.Waiting.WaitFor.Value<object>(
            async _ => await UsedAsync(_name) is 0.5m ? "" : null, () => "its use is not counted", cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_limit_that_refuses_tells_when_there_is_room_by_time()
    {
        await PutAsync(Money, $$"""{"dimension":"tenant","key":"{{_name}}","measure":"costUsd","value":0.2,"periodSeconds":600,"reject":true}""");
        var body = ScriptedRun.Body(ScriptedRun.Short, run => run["tenant"] = _name);
        await server.EndAsync((await server.PostAsync("/runs", body)).Text("id")!);
        await TestKit.Waiting.WaitFor.Value<object>(
            async _ => await UsedAsync(_name) is 0.25m ? "" : null, () => "its use is not counted", cancellationToken: TestContext.Current.CancellationToken);
        var refused = await server.PostAsync("/runs", body);
        Assert.Null(refused.ProblemField(429, "limit_reached"));
        Assert.InRange(int.Parse(refused.Header("Retry-After")!), 500, 610);
    }

    [Theory]
    [InlineData("value", """{"dimension":"tenant","measure":"tokens","value":1.5,"periodSeconds":60}""")]
    [InlineData("value", """{"dimension":"tenant","measure":"tokens","value":1000000000001,"periodSeconds":60}""")]
    [InlineData("value", """{"dimension":"tenant","measure":"costUsd","value":1000001,"periodSeconds":60}""")]
    [InlineData("value", """{"dimension":"tenant","value":1.5}""")]
    [InlineData("periodSeconds", """{"dimension":"tenant","measure":"tokens","value":1}""")]
    [InlineData("periodSeconds", """{"dimension":"tenant","measure":"costUsd","value":1,"periodSeconds":86401}""")]
    public async Task What_is_wrong_is_named(string field, string body) => Assert.Equal(field, (await server.SendAsync(HttpMethod.Put, Money, body)).ProblemField(400));

    private async Task PutAsync(string path, string body) => Assert.InRange((int)(await server.SendAsync(HttpMethod.Put, path, body)).Status, 200, 201);

    private async Task<decimal> UsedAsync(string limit) =>
        (await server.GetAsync("/limits")).Json.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("name").GetString() == limit)
            .GetProperty("uses").EnumerateArray().Sum(use => use.GetProperty("used").GetDecimal());
}
