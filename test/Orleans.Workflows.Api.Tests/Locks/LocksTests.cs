using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Workflows.Api.Tests.Running;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Api.Tests.Locks;

/// <summary>Locks of real runs: held, waited for, shown, taken away.</summary>
[Collection(ServerCollection.Name)]
public sealed class LocksTests(ServerFixture server)
{
    private readonly string _name = $"repo:{Guid.NewGuid():N}/api@main";

    [Fact]
    public async Task A_run_keeps_its_lock_through_its_attempts_until_an_operator_takes_it()
    {
        // Its first attempt fails, and the next is due in 20 minutes.
        var holder = await StartAsync(new JsonObject { ["workflow"] = "again" }, "exclusive");
        Assert.Equal($$"""[{"name":"{{_name}}","mode":"Exclusive"}]""", holder.Json.GetProperty("locks").GetRawText());
        var run = holder.Text("id")!;
        await WaitFor.Value<object>(async _ => (await server.GetAsync($"/runs/{run}")).Json is var info && info.GetProperty("status").GetString() == "Waiting" ? info : null, () => "it has not failed", cancellationToken: Token);
        var waiting = (await StartAsync(new JsonObject { ["agent"] = "command", ["command"] = new JsonArray("/bin/sh", "-c", "echo \"$ORLEANS_WORKFLOWS_LOCK_TOKEN $ORLEANS_WORKFLOWS_LOCKS\"") }, "shared")).Text("id")!;
        var why = (JsonElement)await WaitFor.Value<object>(async _ => (await server.GetAsync($"/runs/{waiting}/explain")).Json is var explained && explained.GetProperty("wait").ValueKind is JsonValueKind.Object ? explained : null, () => "admission does not know of it", cancellationToken: Token);
        var cause = Assert.Single(why.GetProperty("wait").GetProperty("causes").EnumerateArray());
        Assert.Equal(("Lock", _name, run), (cause.GetProperty("kind").GetString(), cause.GetProperty("lock").GetString(), cause.GetProperty("runs")[0].GetString()));
        Assert.Contains($"lock '{_name}' is held by {run}", why.GetProperty("text").GetString(), StringComparison.Ordinal);

        var item = await FindAsync();
        var held = Assert.Single(item.GetProperty("holders").EnumerateArray());
        Assert.Equal((run, "Exclusive", 1), (held.GetProperty("run").GetString(), held.GetProperty("mode").GetString(), held.GetProperty("attempt").GetInt32()));
        Assert.Equal((1, waiting), (item.GetProperty("waiting").GetInt32(), item.GetProperty("waiters")[0].GetProperty("run").GetString()));

        Assert.Equal(409, (int)(await server.PostAsync($"/runs/{waiting}/release-locks")).Status);
        var released = await server.PostAsync($"/runs/{run}/release-locks", """{"reason":"it is by hand now"}""");
        Assert.Equal((200, "Waiting"), ((int)released.Status, released.Text("status")));
        var ended = await server.EndAsync(waiting);
        Assert.Equal("Completed", ended.Text("status"));

        var said = (await server.GetAsync($"/runs/{waiting}/transcript")).Body;
        Assert.Contains($"[\"{_name}\"]", said.Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.True(TokenIn(said) > held.GetProperty("token").GetInt64());
        Assert.Equal(JsonValueKind.Undefined, (await FindAsync()).ValueKind);
        Assert.Contains("release_locks", (await server.GetAsync($"/runs/{run}/audit")).Body, StringComparison.Ordinal);
        Assert.Equal("no_locks", JsonElement.Parse((await server.PostAsync($"/runs/{run}/release-locks")).Body).GetProperty("code").GetString());
        await server.PostAsync($"/runs/{run}/cancel");
    }

    [Fact]
    public async Task A_workflow_s_locks_are_named_by_its_input()
    {
        var run = await server.PostAsync("/runs", new JsonObject { ["workflow"] = "locking", ["input"] = new JsonObject { ["repository"] = _name }, ["locks"] = new JsonObject { [_name] = "shared" }, ["message"] = """{"steps":[{"result":"done"}]}""" }.ToJsonString());
        Assert.Equal(["all:Shared", $"lock {_name}:Exclusive", $"{_name}:Shared"], run.Json.GetProperty("locks").EnumerateArray().Select(item => $"{item.GetProperty("name")}:{item.GetProperty("mode")}"));
        Assert.Equal("Completed", (await server.EndAsync(run.Text("id")!)).Text("status"));
    }

    public static TheoryData<string> Wrong => [.. new[]
    {
        """{"a": "both"}""",
        """{"": "exclusive"}""",
        """{"a\nb": "exclusive"}""",
        $$"""{"{{new string('a', 256)}}": "exclusive"}""",
        $$"""{{{string.Join(",", Enumerable.Range(0, 17).Select(i => $"\"l{i}\":\"shared\""))}}}""",
    }];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_no_lock_is_refused(string locks)
    {
        var reply = await server.PostAsync("/runs", $$"""{"agent":"command","command":["/bin/true"],"locks":{{locks}}}""");
        Assert.Equal("locks", reply.ProblemField(400));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static long TokenIn(string transcript) => long.Parse(System.Text.RegularExpressions.Regex.Match(transcript, "[0-9]{11,}").Value, System.Globalization.CultureInfo.InvariantCulture);

    private Task<ApiReply> StartAsync(JsonObject body, string mode)
    {
        body["locks"] = new JsonObject { [_name] = mode };
        return server.PostAsync("/runs", body.ToJsonString());
    }

    private async Task<JsonElement> FindAsync() =>
        (await server.GetAsync("/locks")).Json.GetProperty("items").EnumerateArray().FirstOrDefault(item => item.GetProperty("name").GetString() == _name);
}
