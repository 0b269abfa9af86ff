using System.Net.Http.Headers;
using System.Text;
using Orleans.Workflows.Api.Tests.Running;
using Orleans.Workflows.Ledger.Reading;

namespace Orleans.Workflows.Api.Tests.Runs;

/// <summary>What is refused leaves no row and says which field and what to do.</summary>
[Collection(ServerCollection.Name)]
public sealed class BadInputTests(ServerFixture server)
{
    private static readonly string Deep = new string('[', 100) + new string(']', 100);

    public static TheoryData<string, int, string> Bodies => new()
    {
        { "", 400, "body" },
        { "null", 400, "body" },
        { "[]", 400, "body" },
        { "\"text\"", 400, "body" },
        { "{", 400, "body" },
        { """{"agent":"scripted","message":"x"} trailing""", 400, "body" },
        { """{"agent":"scripted",}""", 400, "body" },
        { """{'agent':'scripted'}""", 400, "body" },
        { "{}", 400, "workflow" },
        { """{"workflow":"demo","agent":"scripted"}""", 400, "agent" },
        { """{"workflow":"nowhere"}""", 404, "workflow" },
        { """{"workflow":"broken"}""", 404, "workflow" },
        { """{"workflow":"../demo"}""", 400, "workflow" },
        { """{"agent":"nobody","message":"x"}""", 400, "agent" },
        { """{"agent":"scripted","mesage":"x"}""", 400, "mesage" },
        { """{"Agent":"scripted"}""", 400, "Agent" },
        { """{"agent":"scripted","message":"a","message":"b"}""", 400, "message" },
        { """{"agent":"scripted","message":5}""", 400, "message" },
        { """{"agent":"scripted","maxTurns":"3"}""", 400, "maxTurns" },
        { """{"agent":"scripted","maxTurns":1.5}""", 400, "maxTurns" },
        { """{"agent":"scripted","maxTurns":99999999999}""", 400, "maxTurns" },
        { """{"agent":"scripted","maxTurns":0}""", 400, "maxTurns" },
        { """{"agent":"scripted","maxTurns":1001}""", 400, "maxTurns" },
        { """{"agent":"scripted","timeoutSeconds":0.5}""", 400, "timeoutSeconds" },
        { """{"agent":"scripted","timeoutSeconds":1e999}""", 400, "timeoutSeconds" },
        { """{"agent":"scripted","queueTimeoutSeconds":604801}""", 400, "queueTimeoutSeconds" },
        { """{"agent":"scripted","startAt":"2999-01-01T00:00:00Z"}""", 400, "startAt" },
        { """{"agent":"scripted","startAt":"2026-01-31T08:00:00"}""", 400, "startAt" },
        { """{"agent":"scripted","startAt":"2026-01-31"}""", 400, "startAt" },
        { """{"agent":"scripted","startAt":"tomorrow"}""", 400, "startAt" },
        { """{"agent":"scripted","startAfterSeconds":-1}""", 400, "startAfterSeconds" },
        { """{"agent":"scripted","startAfterSeconds":31536001}""", 400, "startAfterSeconds" },
        { """{"agent":"scripted","startAfterSeconds":60,"startAt":"2026-01-31T08:00:00Z"}""", 400, "startAfterSeconds" },
        { """{"agent":"scripted","attemptTimeoutSeconds":0.5}""", 400, "attemptTimeoutSeconds" },
        { """{"agent":"scripted","memoryLimitBytes":16777215}""", 400, "memoryLimitBytes" },
        { """{"agent":"scripted","memoryLimitBytes":"2GB"}""", 400, "memoryLimitBytes" },
        { """{"agent":"scripted","budgetUsd":0}""", 400, "budgetUsd" },
        { """{"agent":"scripted","budgetUsd":1e40}""", 400, "budgetUsd" },
        { """{"agent":"scripted","queue":"a b"}""", 400, "queue" },
        { """{"agent":"scripted","needs":["a b"]}""", 400, "needs" },
        { """{"agent":"scripted","needs":[""]}""", 400, "needs" },
        { """{"agent":"scripted","needs":[null]}""", 400, "needs" },
        { """{"agent":"scripted","needs":[1]}""", 400, "needs[0]" },
        { """{"agent":"scripted","needs":"docker"}""", 400, "needs" },
        { """{"agent":"scripted","needs":[""" + string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"n{i}\"")) + "]}", 400, "needs" },
        { """{"workflow":"needy","needs":["one-more"]}""", 400, "needs" },
        { """{"agent":"scripted","labels":{"a":1}}""", 400, "labels.a" },
        { """{"agent":"scripted","labels":{"a":"1","a":"2"}}""", 400, "labels.a" },
        { """{"agent":"scripted","labels":{"a":null}}""", 400, "labels.a" },
        { """{"agent":"scripted","labels":{"":"x"}}""", 400, "labels" },
        { """{"agent":"scripted","labels":"a"}""", 400, "labels" },
        { """{"agent":"scripted","environment":{"LD_PRELOAD":"/x"}}""", 400, "environment.LD_PRELOAD" },
        { """{"agent":"scripted","environment":{"a-b":"x"}}""", 400, "environment" },
        { """{"agent":"command","command":["x"],"environment":{"BASH_ENV":"/x"}}""", 400, "environment.BASH_ENV" },
        { """{"agent":"claude","message":"x","environment":{"CLAUDE_CONFIG_DIR":"/x"}}""", 400, "environment.CLAUDE_CONFIG_DIR" },
        { """{"agent":"claude","message":"x","environment":{"ANTHROPIC_BASE_URL":"http://evil.example.com"}}""", 400, "environment.ANTHROPIC_BASE_URL" },
        { """{"agent":"claude","message":"x","environment":{"https_proxy":"http://evil.example.com"}}""", 400, "environment.https_proxy" },
        { """{"workflow":"declared","environment":{"MODE":"slow"}}""", 400, "environment.MODE" },
        { """{"workflow":"declared","environment":{"TOKEN":"mine"}}""", 400, "environment.TOKEN" },
        { """{"agent":"claude","message":"x"}""", 400, "credential" },
        { """{"workflow":"typed","input":{"branch":"x","count":""" + new string('9', 400) + "}}", 400, "input" },
        { """{"workflow":"typed","input":{"branch":"x","word":""" + "\"" + new string('a', 60) + "!\"}}", 400, "input" },
        { """{"agent":"command","command":[]}""", 400, "command" },
        { """{"agent":"command","command":["a",1]}""", 400, "command[1]" },
        { """{"agent":"scripted","message":"a\u0000b"}""", 400, "message" },
        { """{"agent":"scripted","input":{"a":["x","\u0000"]}}""", 400, "input.a[1]" },
        { """{"agent":"scripted","message":"\ud800"}""", 400, "message" },
        { """{"agent":"scripted","input":"text"}""", 400, "input" },
        { """{"workflow":"typed"}""", 400, "input.branch" },
        { """{"workflow":"typed","input":{"branch":5}}""", 400, "input.branch" },
        { """{"workflow":"typed","input":{"branch":"x","other":1}}""", 400, "input.other" },
        { """{"agent":"scripted","repository":"/a","directory":"/b"}""", 400, "directory" },
        { """{"agent":"scripted","input":{"a":""" + Deep + "}}", 400, "body" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_wrong_body_is_refused_and_leaves_no_row(string body, int status, string field)
    {
        var caller = $"bad-{Guid.NewGuid():N}";
        var reply = await server.PostAsync("/runs", body, ("X-Caller", caller), ("Idempotency-Key", "k"));
        Assert.Equal(field, reply.ProblemField(status));
        await AssertNoRowAsync(caller);
    }

    [Fact]
    public async Task A_misspelt_field_gets_the_right_word() =>
        Assert.Contains("Did you mean 'maxTurns'?", (await server.PostAsync("/runs", """{"agent":"scripted","maxturn":3}""")).Text("remedy"), StringComparison.Ordinal);

    [Theory]
    [InlineData("text/plain", null, 415, "Content-Type")]
    [InlineData(null, null, 415, "Content-Type")]
    [InlineData("application/json; charset=utf-16", null, 415, "Content-Type")]
    [InlineData("application/json", "gzip", 415, "Content-Encoding")]
    [InlineData("application/json; charset=utf-8", null, 201, null)]
    [InlineData("application/json;charset=\"UTF-8\"", null, 201, null)]
    public async Task Only_plain_JSON_in_UTF8_is_read(string? type, string? encoding, int status, string? field)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/runs") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(ScriptedRun.Body(ScriptedRun.Short))) };
        request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }

        var reply = await server.SendAsync(request);
        if (field is null)
        {
            Assert.Equal(status, (int)reply.Status);
        }
        else
        {
            Assert.Equal(field, reply.ProblemField(status));
        }
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_refused()
    {
        var caller = $"bad-{Guid.NewGuid():N}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/runs") { Content = new ByteArrayContent([.. """{"agent":"scripted","message":"""u8, (byte)'"', 0xC3, 0x28, .. "\"}"u8]) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-Caller", caller);
        Assert.Equal("body", (await server.SendAsync(request)).ProblemField(400, "invalid_json"));
        await AssertNoRowAsync(caller);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_four_megabytes_is_refused(bool lengthIsTold)
    {
        var caller = $"bad-{Guid.NewGuid():N}";
        var bytes = Encoding.UTF8.GetBytes(ScriptedRun.Body(new string(' ', 4 * 1024 * 1024)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/runs") { Content = lengthIsTold ? new ByteArrayContent(bytes) : new StreamContent(new MemoryStream(bytes)) };
        request.Headers.TransferEncodingChunked = !lengthIsTold;
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-Caller", caller);
        Assert.Equal("body", (await server.SendAsync(request)).ProblemField(413, "too_large"));
        await AssertNoRowAsync(caller);
    }

    [Fact]
    public async Task A_large_body_within_the_limit_is_read_whole()
    {
        var reply = await server.PostAsync("/runs", ScriptedRun.Body(ScriptedRun.Short, body => body["environment"] = new System.Text.Json.Nodes.JsonObject { ["PAD"] = new string('x', 30_000) }) + new string(' ', 3 * 1024 * 1024));
        Assert.Equal(201, (int)reply.Status);
    }

    [Theory]
    [InlineData("X-Caller", "")]
    [InlineData("X-Caller", "two words")]
    [InlineData("Idempotency-Key", "a b")]
    [InlineData("Idempotency-Key", "+256")]
    [InlineData("X-Caller", "+129")]
    public async Task A_wrong_header_is_named(string name, string value)
    {
        value = value.StartsWith('+') ? new string('k', int.Parse(value)) : value;
        Assert.Equal(name, (await server.PostAsync("/runs", ScriptedRun.Body(ScriptedRun.Short), (name, value))).ProblemField(400));
    }

    [Theory]
    [InlineData("evil.example.com")]
    [InlineData("evil.example.com:8080")]
    [InlineData("localhost.example.com")]
    public async Task A_request_for_another_host_is_refused_and_leaves_no_row(string host)
    {
        var caller = $"bad-{Guid.NewGuid():N}";
        var reply = await server.PostAsync("/runs", ScriptedRun.Body(ScriptedRun.Short), ("Host", host), ("X-Caller", caller));
        Assert.Equal("Host", reply.ProblemField(400, "foreign_host"));
        await AssertNoRowAsync(caller);
    }

    [Theory]
    [InlineData("GET", "/nowhere", null, 404, "path")]
    [InlineData("PATCH", "/runs", null, 405, "method")]
    [InlineData("GET", "/runs/zero", null, 400, "id")]
    [InlineData("GET", "/runs/0199c0de-0000-7000-8000-000000000000", null, 404, "id")]
    [InlineData("GET", "/runs/0199c0de-0000-7000-8000-000000000000/events", null, 404, "id")]
    [InlineData("GET", "/runs/0199c0de-0000-7000-8000-000000000000/result", null, 404, "id")]
    [InlineData("GET", "/runs/0199c0de-0000-7000-8000-000000000000/result?wait=61", null, 400, "wait")]
    [InlineData("POST", "/runs/0199c0de-0000-7000-8000-000000000000/messages", """{"text":""}""", 400, "text")]
    [InlineData("POST", "/runs/0199c0de-0000-7000-8000-000000000000/messages", "{}", 400, "text")]
    [InlineData("POST", "/runs/0199c0de-0000-7000-8000-000000000000/messages", """{"text":"x","id":"me"}""", 400, "id")]
    [InlineData("POST", "/runs/0199c0de-0000-7000-8000-000000000000/cancel", """{"why":"x"}""", 400, "why")]
    [InlineData("POST", "/runs/0199c0de-0000-7000-8000-000000000000/terminate", """{"waitSeconds":61}""", 400, "waitSeconds")]
    [InlineData("POST", "/runs/0199c0de-0000-7000-8000-000000000000/continue", """{"timeoutSeconds":1e999}""", 400, "timeoutSeconds")]
    [InlineData("POST", "/cleanup", """{"olderThanHours":-1}""", 400, "olderThanHours")]
    [InlineData("POST", "/cleanup", """{"run":"x"}""", 400, "run")]
    [InlineData("POST", "/cleanup", """{"run":"0199c0de-0000-7000-8000-000000000000"}""", 404, "run")]
    [InlineData("PUT", "/queues/default", "{}", 400, "limit")]
    [InlineData("PUT", "/queues/default", """{"limit":0}""", 400, "limit")]
    [InlineData("PUT", "/queues/a%20b", """{"limit":1}""", 400, "name")]
    [InlineData("GET", "/workflows/nowhere", null, 404, "name")]
    [InlineData("GET", "/workflows?name=demo", null, 400, "name")]
    [InlineData("GET", "/queues?limit=1", null, 400, "limit")]
    [InlineData("POST", "/nodes/n/lost", "{}", 400, "machineIsOff")]
    [InlineData("POST", "/nodes/n/lost", """{"machineIsOff":false,"reason":"x"}""", 400, "machineIsOff")]
    [InlineData("POST", "/nodes/n/lost", """{"machineIsOff":true,"reason":" "}""", 400, "reason")]
    [InlineData("POST", "/nodes/n/lost", """{"machineIsOff":true,"reason":"x"}""", 404, "name")]
    [InlineData("GET", "/nodes?status=Active", null, 400, "status")]
    [InlineData("GET", "/metrics/totals?from=yesterday", null, 400, "from")]
    [InlineData("GET", "/runs/0199c0de-0000-7000-8000-000000000000?wait=1", null, 400, "wait")]
    [InlineData("GET", "/runs/0199c0de-0000-7000-8000-000000000000/result?wiat=1", null, 400, "wiat")]
    [InlineData("POST", "/runs/0199c0de-0000-7000-8000-000000000000/terminate?waitSeconds=1", null, 400, "waitSeconds")]
    [InlineData("POST", "/cleanup?dryRun=true", null, 400, "dryRun")]
    [InlineData("POST", "/runs?agent=scripted", "{}", 400, "agent")]
    [InlineData("GET", "/runs?createdFrom=2026-01-31", null, 400, "createdFrom")]
    [InlineData("GET", "/runs?createdFrom=01/02/2026", null, 400, "createdFrom")]
    [InlineData("GET", "/runs?createdTo=2026-01-31T08:00:00", null, 400, "createdTo")]
    [InlineData("GET", "/runs?createdTo=2026-01-31T08:00:00%200100", null, 400, "createdTo")]
    public async Task A_wrong_request_is_a_problem(string method, string path, string? body, int status, string field) =>
        Assert.Equal(field, (await server.SendAsync(new HttpMethod(method), path, body)).ProblemField(status));

    [Theory]
    [InlineData("2026-01-31T08:00:00Z")]
    [InlineData("2026-01-31T08:00:00.123Z")]
    [InlineData("2026-01-31T08:00:00%2B01:00")]
    public async Task A_time_is_RFC_3339(string time) =>
        Assert.Equal(200, (int)(await server.GetAsync($"/runs?limit=1&createdFrom={time}")).Status);

    [Theory]
    [InlineData("cancel")]
    [InlineData("terminate")]
    [InlineData("release")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("retry")]
    [InlineData("continue")]
    public async Task A_command_to_no_run_is_404(string command) =>
        Assert.Equal("id", (await server.PostAsync($"/runs/0199c0de-0000-7000-8000-000000000000/{command}")).ProblemField(404, "run_not_found"));

    private async Task AssertNoRowAsync(string caller) =>
        Assert.Equal(0, (await server.Ledger.ListRunsAsync(new RunQuery { Caller = caller }, TestContext.Current.CancellationToken)).Total);
}
