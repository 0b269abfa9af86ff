using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Workflows.Api.Tests.Running;

namespace Orleans.Workflows.Api.Tests.Schedules;

[Collection(ServerCollection.Name)]
public sealed class SchedulesTests(ServerFixture server)
{
    private readonly string _path = $"/schedules/s-{Guid.NewGuid():N}"[..20];

    [Fact]
    public async Task A_schedule_is_created_shown_listed_changed_and_deleted()
    {
        var created = await PutAsync(Body());
        Assert.Equal(201, (int)created.Status);
        var shown = (await server.GetAsync(_path)).Json;
        Assert.Equal(("Skip", 86_400, 5, "demo"), (shown.GetProperty("overlap").GetString(), shown.GetProperty("catchUpWindowSeconds").GetInt32(), shown.GetProperty("nextTimes").GetArrayLength(), shown.GetProperty("run").GetProperty("workflow").GetString()));
        Assert.Contains(_path[11..], (await server.GetAsync("/schedules")).Body, StringComparison.Ordinal);

        Assert.Equal("name", (await PutAsync(Body(), "?replace=false")).ProblemField(409, "schedule_exists"));
        var changed = await PutAsync(Body(body => (body["overlap"], body["note"]) = ("bufferOne", "why")));
        Assert.Equal((200, "BufferOne", "why"), ((int)changed.Status, changed.Text("overlap"), changed.Text("note")));

        Assert.Equal(200, (int)(await server.SendAsync(HttpMethod.Delete, _path)).Status);
        Assert.Equal("name", (await server.SendAsync(HttpMethod.Delete, _path)).ProblemField(404, "schedule_not_found"));
        Assert.Equal("name", (await server.GetAsync(_path)).ProblemField(404, "schedule_not_found"));
    }

    [Fact]
    public async Task It_is_paused_and_unpaused_with_a_note()
    {
        await PutAsync(Body());
        var paused = await server.PostAsync($"{_path}/pause", """{"note":"holiday"}""");
        Assert.Equal((JsonValueKind.True, "holiday"), (paused.Json.GetProperty("paused").ValueKind, paused.Text("note")));
        var unpaused = await server.PostAsync($"{_path}/unpause");
        Assert.Equal((JsonValueKind.False, "holiday"), (unpaused.Json.GetProperty("paused").ValueKind, unpaused.Text("note")));
        Assert.Equal("note", (await server.PostAsync($"{_path}/pause", JsonSerializer.Serialize(new { note = new string('x', 1_001) }))).ProblemField(400));
        Assert.Equal("name", (await server.PostAsync("/schedules/no-such/pause")).ProblemField(404, "schedule_not_found"));
    }

    [Fact]
    public async Task A_trigger_starts_its_run_and_tells_when_it_may_not()
    {
        await PutAsync(Body(body => body["run"] = JsonNode.Parse(ScriptedRun.Body("""{"text":"up"},{"hang":true}"""))));
        var first = (await server.PostAsync($"{_path}/trigger", null, ("Idempotency-Key", "one"))).Json.GetProperty("action");
        Assert.Equal(("Started", true), (first.GetProperty("outcome").GetString(), first.GetProperty("triggered").GetBoolean()));
        var run = first.GetProperty("run").GetString()!;
        Assert.Equal(run, (await server.PostAsync($"{_path}/trigger", null, ("Idempotency-Key", "one"))).Json.GetProperty("action").GetProperty("run").GetString());
        var busy = await server.PostAsync($"{_path}/trigger");
        Assert.Equal("name", busy.ProblemField(409, "schedule_busy"));
        Assert.Contains(run, busy.Body, StringComparison.Ordinal);
        Assert.Equal($"schedule:{_path[11..]}", (await server.GetAsync($"/runs/{run}")).Text("caller"));
        Assert.Equal(200, (int)(await server.PostAsync($"/runs/{run}/terminate")).Status);
        Assert.Equal(0, (await server.GetAsync(_path)).Json.GetProperty("underWay").GetArrayLength());
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "spec", """{"run":{"workflow":"demo"}}""" },
        { "run", """{"spec":{"intervalSeconds":5}}""" },
        { "spec", """{"spec":5,"run":{"workflow":"demo"}}""" },
        { "spec", """{"spec":{},"run":{"workflow":"demo"}}""" },
        { "spec.cron[0]", """{"spec":{"cron":["every day"]},"run":{"workflow":"demo"}}""" },
        { "spec.cron", """{"spec":{"cron":"0 9 * * *"},"run":{"workflow":"demo"}}""" },
        { "spec.crons", """{"spec":{"crons":["0 9 * * *"]},"run":{"workflow":"demo"}}""" },
        { "spec.timeZone", """{"spec":{"cron":["0 9 * * *"],"timeZone":"Mars/Olympus"},"run":{"workflow":"demo"}}""" },
        { "spec.startAt", """{"spec":{"intervalSeconds":5,"startAt":"soon"},"run":{"workflow":"demo"}}""" },
        { "spec.startAt", """{"spec":{"intervalSeconds":5,"startAt":"2026-01-31T08:00:00"},"run":{"workflow":"demo"}}""" },
        { "spec.endAt", """{"spec":{"intervalSeconds":5,"endAt":"2999-01-31"},"run":{"workflow":"demo"}}""" },
        { "run.startAt", """{"spec":{"intervalSeconds":5},"run":{"workflow":"demo","startAt":"2026-01-31T08:00:00Z"}}""" },
        { "run.startAfterSeconds", """{"spec":{"intervalSeconds":5},"run":{"workflow":"demo","startAfterSeconds":5}}""" },
        { "spec.intervalSeconds", """{"spec":{"intervalSeconds":1.5},"run":{"workflow":"demo"}}""" },
        { "spec.intervalSeconds", """{"spec":{"intervalSeconds":0},"run":{"workflow":"demo"}}""" },
        { "spec", """{"spec":{"cron":["0 0 30 2 *"]},"run":{"workflow":"demo"}}""" },
        { "spec", """{"spec":{"intervalSeconds":5,"endAt":"2020-01-01T00:00:00Z"},"run":{"workflow":"demo"}}""" },
        { "overlap", """{"spec":{"intervalSeconds":5},"run":{"workflow":"demo"},"overlap":"Sometimes"}""" },
        { "overlap", """{"spec":{"intervalSeconds":5},"run":{"workflow":"demo"},"overlap":77}""" },
        { "catchUpWindowSeconds", """{"spec":{"intervalSeconds":5},"run":{"workflow":"demo"},"catchUpWindowSeconds":9}""" },
        { "catchUpWindowSeconds", """{"spec":{"intervalSeconds":5},"run":{"workflow":"demo"},"catchUpWindowSeconds":31536001}""" },
        { "run.workflow", """{"spec":{"intervalSeconds":5},"run":{"workflow":"no-such"}}""" },
        { "run.maxTurns", """{"spec":{"intervalSeconds":5},"run":{"workflow":"demo","maxTurns":0}}""" },
        { "run.maxTurn", """{"spec":{"intervalSeconds":5},"run":{"workflow":"demo","maxTurn":3}}""" },
        { "run.input.branch", """{"spec":{"intervalSeconds":5},"run":{"workflow":"typed","input":{}}}""" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_named_and_nothing_is_stored(string field, string body)
    {
        Assert.Equal(field, (await PutAsync(body)).ProblemField(400));
        Assert.Equal(404, (int)(await server.GetAsync(_path)).Status);
    }

    [Fact]
    public async Task A_name_that_is_none_is_refused() =>
        Assert.Equal("name", (await server.SendAsync(HttpMethod.Put, "/schedules/-x", Body())).ProblemField(400));

    private static string Body(Action<JsonObject>? change = null)
    {
        var body = new JsonObject { ["spec"] = new JsonObject { ["cron"] = new JsonArray("0 9 * * MON-FRI"), ["timeZone"] = "Europe/Berlin" }, ["run"] = new JsonObject { ["workflow"] = "demo" } };
        change?.Invoke(body);
        return body.ToJsonString();
    }

    private Task<ApiReply> PutAsync(string body, string query = "") => server.SendAsync(HttpMethod.Put, _path + query, body);
}
