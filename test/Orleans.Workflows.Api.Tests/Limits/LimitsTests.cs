using System.Text.Json;
using Orleans.Workflows.Api.Tests.Running;

namespace Orleans.Workflows.Api.Tests.Limits;

[Collection(ServerCollection.Name)]
public sealed class LimitsTests(ServerFixture server)
{
    private readonly string _name = $"l-{Guid.NewGuid():N}"[..20];

    private string Path => $"/limits/{_name}";

    [Fact]
    public async Task A_limit_is_put_shown_changed_removed_and_its_history_tells_who_and_why()
    {
        var body = $$"""{"dimension":"tenant","key":"{{_name}}","value":2,"note":"small"}""";
        Assert.Equal(201, (int)(await PutAsync(body, "ann")).Status);
        Assert.Equal(200, (int)(await PutAsync(body, "ann")).Status);
        var changed = await PutAsync(body.Replace("\"value\":2", "\"value\":null", StringComparison.Ordinal).Replace("small", "lifted", StringComparison.Ordinal), "bob");
        Assert.Equal((200, JsonValueKind.Null), ((int)changed.Status, changed.Json.GetProperty("spec").GetProperty("value").ValueKind));
        Assert.Contains(_name, (await server.GetAsync("/limits")).Body, StringComparison.Ordinal);
        Assert.Equal(200, (int)(await server.SendAsync(HttpMethod.Delete, $"{Path}?note=over")).Status);
        Assert.Equal("name", (await server.SendAsync(HttpMethod.Delete, Path)).ProblemField(404, "limit_not_found"));

        // The same again changed nothing, so it is no change.
        var history = (await server.GetAsync($"{Path}/history")).Json.GetProperty("items").EnumerateArray().Select(change =>
            (change.GetProperty("version").GetInt32(), change.GetProperty("caller").GetString(), change.GetProperty("note").GetString(), change.GetProperty("spec").ValueKind)).ToArray();
        Assert.Equal([(3, "anonymous", "over", JsonValueKind.Null), (2, "bob", "lifted", JsonValueKind.Object), (1, "ann", "small", JsonValueKind.Object)], history);
        Assert.DoesNotContain(_name, (await server.GetAsync("/limits")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_limits_about_the_same_key_are_refused()
    {
        var body = $$"""{"dimension":"tenant","key":"{{_name}}","value":2}""";
        await PutAsync(body);
        var second = await server.SendAsync(HttpMethod.Put, $"{Path}-2", body);
        Assert.Equal("key", second.ProblemField(409, "limit_exists"));
        Assert.Contains(_name, second.Body, StringComparison.Ordinal);
        await server.SendAsync(HttpMethod.Delete, Path);
        Assert.Equal(201, (int)(await server.SendAsync(HttpMethod.Put, $"{Path}-2", body)).Status);
    }

    [Fact]
    public async Task A_queue_s_limit_is_a_limit_like_any_other()
    {
        var queue = $"q-{Guid.NewGuid():N}"[..20];
        Assert.Equal(4, (await server.SendAsync(HttpMethod.Put, $"/queues/{queue}", """{"limit":4}""")).Json.GetProperty("limit").GetInt32());
        Assert.Contains($"queue-{queue}", (await server.GetAsync("/limits")).Body, StringComparison.Ordinal);
        Assert.Equal(200, (int)(await server.SendAsync(HttpMethod.Delete, $"/limits/queue-{queue}")).Status);
    }

    [Fact]
    public async Task A_waiting_run_tells_every_limit_that_holds_it_back_and_starts_when_they_are_lifted()
    {
        var rate = $"/limits/{_name}-rate";
        await PutAsync($$"""{"dimension":"tenant","key":"{{_name}}","value":0}""");
        await server.SendAsync(HttpMethod.Put, rate, $$"""{"dimension":"label","label":"{{_name}}","measure":"starts","value":0,"periodSeconds":60}""");
        var started = await server.PostAsync("/runs", ScriptedRun.Body("""{"result":"done"}""", body =>
        {
            (body["tenant"], body["priority"], body["fairnessKey"]) = (_name, 2, "team");
            body["labels"] = new System.Text.Json.Nodes.JsonObject { [_name] = "x" };
        }));
        Assert.Equal((_name, 2, "team"), (started.Text("tenant"), started.Json.GetProperty("priority").GetInt32(), started.Text("fairnessKey")));
        var run = started.Text("id")!;
        var why = await UntilAsync(run, explained => explained.GetProperty("wait").ValueKind is JsonValueKind.Object);
        var causes = why.GetProperty("wait").GetProperty("causes").EnumerateArray().ToArray();
        Assert.Equal([_name, $"{_name}-rate"], causes.Select(cause => cause.GetProperty("limit").GetString()).Order(StringComparer.Ordinal));
        Assert.Contains($"limit '{_name}': 0 of 0 running for tenant '{_name}'", why.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal((2, "team"), (why.GetProperty("wait").GetProperty("priority").GetInt32(), why.GetProperty("wait").GetProperty("fairnessKey").GetString()));

        await server.SendAsync(HttpMethod.Delete, rate);
        var one = (await server.GetAsync($"/runs/{run}/explain")).Json;
        Assert.Single(one.GetProperty("wait").GetProperty("causes").EnumerateArray());
        await server.SendAsync(HttpMethod.Delete, Path);
        Assert.Equal("Completed", (await server.EndAsync(run)).Text("status"));
        Assert.StartsWith("It does not wait: it has ended", (await server.GetAsync($"/runs/{run}/explain")).Text("text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_beyond_what_may_wait_is_refused_with_the_time_to_come_again_and_a_repeat_finds_its_run()
    {
        await PutAsync($$"""{"dimension":"tenant","key":"{{_name}}","measure":"waiting","value":2}""");
        await server.SendAsync(HttpMethod.Put, $"{Path}-stop", $$"""{"dimension":"tenant","key":"{{_name}}","value":0}""");
        var body = ScriptedRun.Body("""{"result":"done"}""", run => run["tenant"] = _name);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => server.PostAsync("/runs", body, ("Idempotency-Key", $"{_name}-{i}"))));
        var accepted = answers.Select((answer, i) => (answer, i)).Where(pair => (int)pair.answer.Status == 201).ToArray();
        Assert.Equal(2, accepted.Length);
        foreach (var refused in answers.Where(answer => (int)answer.Status != 201))
        {
            Assert.Null(refused.ProblemField(429, "limit_reached"));
            Assert.InRange(int.Parse(refused.Header("Retry-After")!), 1, 600);
            Assert.Contains($"limit '{_name}': 2 of 2 waiting", refused.Body, StringComparison.Ordinal);
        }

        var (first, number) = accepted[0];
        var again = await server.PostAsync("/runs", body, ("Idempotency-Key", $"{_name}-{number}"));
        Assert.Equal((200, first.Text("id")), ((int)again.Status, again.Text("id")));
        await server.SendAsync(HttpMethod.Delete, $"{Path}-stop");
        foreach (var (run, _) in accepted)
        {
            Assert.Equal("Completed", (await server.EndAsync(run.Text("id")!)).Text("status"));
        }

        Assert.Equal(201, (int)(await server.PostAsync("/runs", body)).Status);
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "dimension", """{"value":1}""" },
        { "dimension", """{"dimension":"planet","value":1}""" },
        { "dimension", """{"dimension":"queue,workflow","value":1}""" },
        { "dimension", """{"dimension":3,"value":1}""" },
        { "measure", """{"dimension":"tenant","measure":"starts,waiting","value":1}""" },
        { "value", """{"dimension":"tenant"}""" },
        { "value", """{"dimension":"tenant","value":-1}""" },
        { "value", """{"dimension":"tenant","value":1000001}""" },
        { "key", """{"dimension":"tenant","value":1,"key":""}""" },
        { "key", """{"dimension":"tenant","value":1,"key":"a*b"}""" },
        { "key", """{"dimension":"service","value":1,"key":"a"}""" },
        { "label", """{"dimension":"label","value":1}""" },
        { "label", """{"dimension":"tenant","value":1,"label":"a"}""" },
        { "periodSeconds", """{"dimension":"tenant","measure":"starts","value":1}""" },
        { "periodSeconds", """{"dimension":"tenant","measure":"starts","value":1,"periodSeconds":0.5}""" },
        { "periodSeconds", """{"dimension":"tenant","value":1,"periodSeconds":5}""" },
        { "perioden", """{"dimension":"tenant","value":1,"perioden":5}""" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_named_and_changes_nothing(string field, string body)
    {
        Assert.Equal(field, (await PutAsync(body)).ProblemField(400));
        Assert.Empty((await server.GetAsync($"{Path}/history")).Json.GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("priority", "0")]
    [InlineData("priority", "6")]
    [InlineData("tenant", "\"\"")]
    [InlineData("fairnessKey", "\"\"")]
    public async Task What_a_start_says_of_its_turn_is_checked(string field, string value) =>
        Assert.Equal(field, (await server.PostAsync("/runs", $$"""{"agent":"scripted","message":"{}","{{field}}":{{value}}}""")).ProblemField(400));

    private Task<ApiReply> PutAsync(string body, string? caller = null) =>
        caller is null ? server.SendAsync(HttpMethod.Put, Path, body) : server.SendAsync(HttpMethod.Put, Path, body, ("X-Caller", caller));

    private async Task<JsonElement> UntilAsync(string run, Func<JsonElement, bool> isSo) => (JsonElement)await TestKit.Waiting.WaitFor.Value<object>(
        async _ => (await server.GetAsync($"/runs/{run}/explain")).Json is var explained && isSo(explained) ? explained : null,
        () => "admission does not know of it",
        cancellationToken: TestContext.Current.CancellationToken);
}
