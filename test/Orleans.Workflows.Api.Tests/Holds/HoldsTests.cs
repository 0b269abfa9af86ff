using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Workflows.Api.Tests.Running;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Api.Tests.Holds;

/// <summary>Holds of real runs: put, shown, told of, released, and kept with who did it.</summary>
[Collection(ServerCollection.Name)]
public sealed class HoldsTests(ServerFixture server)
{
    private readonly string _tenant = $"tenant-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_of_a_held_tenant_starts_until_it_is_released()
    {
        var put = await server.PostAsync("/holds", Body("too dear"));
        Assert.Equal((201, $"tenant '{_tenant}'", "Operator"), ((int)put.Status, put.Text("name"), put.Text("source")));
        Assert.Equal(200, (int)(await server.PostAsync("/holds", Body("too dear"))).Status);
        var run = (await server.PostAsync("/runs", new JsonObject { ["agent"] = "command", ["command"] = new JsonArray("/bin/true"), ["tenant"] = _tenant }.ToJsonString())).Text("id")!;
        var why = (JsonElement)await WaitFor.Value<object>(async _ => (await server.GetAsync($"/runs/{run}/explain")).Json is var explained && explained.GetProperty("wait").ValueKind is JsonValueKind.Object ? explained : null, () => "admission does not know of it", cancellationToken: Token);
        var cause = Assert.Single(why.GetProperty("wait").GetProperty("causes").EnumerateArray());
        Assert.Equal(("Hold", "too dear"), (cause.GetProperty("kind").GetString(), cause.GetProperty("hold").GetProperty("spec").GetProperty("reason").GetString()));
        Assert.Contains($"the hold on tenant '{_tenant}'", why.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await FindAsync())!.Value.GetProperty("waiting").GetInt32());

        var released = await server.PostAsync("/holds/release", new JsonObject { ["dimension"] = "Tenant", ["key"] = _tenant, ["note"] = "paid" }.ToJsonString());
        Assert.Equal(200, (int)released.Status);
        Assert.Equal("Completed", (await server.EndAsync(run)).Text("status"));
        Assert.Null(await FindAsync());
        Assert.Equal("hold_not_found", JsonElement.Parse((await server.PostAsync("/holds/release", new JsonObject { ["dimension"] = "Tenant", ["key"] = _tenant }.ToJsonString())).Body).GetProperty("code").GetString());
        var history = (await server.GetAsync($"/holds/history?dimension=Tenant&key={_tenant}")).Json.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal([(2L, "paid"), (1L, null)], history.Select(change => (change.GetProperty("version").GetInt64(), change.GetProperty("note").GetString())));
    }

    [Fact]
    public async Task Another_reason_or_end_changes_a_hold_whole()
    {
        await server.PostAsync("/holds", Body("one"));
        var changed = await server.PostAsync("/holds", new JsonObject { ["dimension"] = "Tenant", ["key"] = _tenant, ["reason"] = "two", ["until"] = "2100-01-01T00:00:00Z" }.ToJsonString());
        Assert.Equal((200, "two"), ((int)changed.Status, changed.Json.GetProperty("spec").GetProperty("reason").GetString()));
        Assert.Equal(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero), (await FindAsync())!.Value.GetProperty("spec").GetProperty("until").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("key", """{"dimension":"Tenant","reason":"r"}""")]
    [InlineData("key", """{"dimension":"Service","key":"x","reason":"r"}""")]
    [InlineData("label", """{"dimension":"Label","key":"x","reason":"r"}""")]
    [InlineData("label", """{"dimension":"Tenant","key":"x","label":"l","reason":"r"}""")]
    [InlineData("reason", """{"dimension":"Tenant","key":"x","reason":" "}""")]
    [InlineData("until", """{"dimension":"Tenant","key":"x","reason":"r","until":"2999-01-01T00:00:00"}""")]
    [InlineData("until", """{"dimension":"Tenant","key":"x","reason":"r","until":"2001-01-01T00:00:00Z"}""")]
    public async Task What_is_no_hold_is_refused(string field, string body)
    {
        Assert.Equal(field, (await server.PostAsync("/holds", body)).ProblemField(400));
        Assert.Equal("dimension", (await server.GetAsync("/holds/history?key=x")).ProblemField(400));
    }

    private string Body(string reason) => new JsonObject { ["dimension"] = "Tenant", ["key"] = _tenant, ["reason"] = reason }.ToJsonString();

    private async Task<JsonElement?> FindAsync() =>
        (await server.GetAsync("/holds")).Json.GetProperty("items").EnumerateArray().Select(hold => (JsonElement?)hold).SingleOrDefault(hold => hold!.Value.GetProperty("name").GetString() == $"tenant '{_tenant}'");
}
