using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.TestKit.ModelServer;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.ModelServer;

/// <summary>What no run of the real program shows: it is the client of most.</summary>
public sealed class ScriptedModelServerTests(ScriptedModelServer server) : IClassFixture<ScriptedModelServer>, IDisposable
{
    private readonly HttpClient _client = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_stream_carries_the_reply_in_pieces_that_make_it_whole()
    {
        var script = server.Register(ModelStep.Calls("Write", new { path = new string('x', 100) }) with
        {
            Thinking = "hm",
            Text = "two words",
            Usage = new ModelUsage(1, 2, 3, 4),
            Model = "model-a",
        });

        var events = Events(await (await PostAsync(script, stream: true)).Content.ReadAsStringAsync(Cancel));

        Assert.Equal("message_start", Kind(events[0]));
        Assert.Equal("model-a", events[0].GetProperty("message").GetProperty("model").GetString());
        Assert.Equal(script.Requests[0].MessageId, events[0].GetProperty("message").GetProperty("id").GetString());
        Assert.Equal("""{"input_tokens":1,"cache_creation_input_tokens":4,"cache_read_input_tokens":3,"output_tokens":1}""",
            events[0].GetProperty("message").GetProperty("usage").GetRawText());
        Assert.Equal(["thinking", "text", "tool_use"], events.Where(e => Kind(e) == "content_block_start")
            .Select(e => e.GetProperty("content_block").GetProperty("type").GetString()));
        Assert.Equal("two words", Joined(events, "text"));
        Assert.Equal($$"""{"path":"{{new string('x', 100)}}"}""", Joined(events, "partial_json"));
        Assert.Equal("tool_use", events[^2].GetProperty("delta").GetProperty("stop_reason").GetString());
        Assert.Equal(2, events[^2].GetProperty("usage").GetProperty("output_tokens").GetInt32());
        Assert.Equal("message_stop", Kind(events[^1]));
    }

    [Fact]
    public async Task Without_streaming_the_message_comes_whole()
    {
        var script = server.Register(ModelStep.Says("all") with { StopReason = "max_tokens", Usage = new ModelUsage(7, 8) });

        var message = await ReadAsync(await PostAsync(script, stream: false));

        Assert.Equal("all", message.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("max_tokens", message.GetProperty("stop_reason").GetString());
        Assert.Equal(8, message.GetProperty("usage").GetProperty("output_tokens").GetInt32());
        Assert.False(Assert.Single(script.Requests).Stream);
    }

    [Fact]
    public async Task The_assistant_messages_of_the_request_pick_the_turn_and_the_last_one_repeats()
    {
        var script = server.Register(
            ModelStep.Says("first"), ModelStep.Fails(500, "api_error", times: 1), ModelStep.Says("second"));

        Assert.Equal(HttpStatusCode.InternalServerError, (await PostAsync(script, assistantMessages: 1)).StatusCode);
        Assert.Equal("second", await TextAsync(script, assistantMessages: 1));
        Assert.Equal("first", await TextAsync(script, assistantMessages: 0));
        Assert.Equal("second", await TextAsync(script, assistantMessages: 9));
    }

    [Fact]
    public async Task An_error_carries_status_type_message_and_headers()
    {
        var script = server.Register(ModelStep.Fails(429, "rate_limit_error", "slow down") with
        {
            Headers = new Dictionary<string, string> { ["retry-after"] = "7" },
        });

        var response = await PostAsync(script);
        var error = (await ReadAsync(response)).GetProperty("error");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("7", response.Headers.GetValues("retry-after").Single());
        Assert.Equal("rate_limit_error", error.GetProperty("type").GetString());
        Assert.Equal("slow down", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_request_without_tools_is_auxiliary_and_takes_no_step()
    {
        var script = server.Register(ModelStep.Fails(500, "api_error", times: 1), ModelStep.Says("done"));

        Assert.Equal("scripted title", await TextAsync(script, tools: false));
        Assert.True(Assert.Single(script.Requests).Auxiliary);
        Assert.Equal(HttpStatusCode.InternalServerError, (await PostAsync(script)).StatusCode);
        Assert.False((await script.RequestAsync(1, cancellationToken: Cancel)).Auxiliary);
    }

    [Fact]
    public async Task A_stream_error_is_an_event_in_a_stream_and_a_529_without()
    {
        var script = server.Register(ModelStep.FailsInStream("overloaded_error"));

        var events = Events(await (await PostAsync(script, stream: true)).Content.ReadAsStringAsync(Cancel));

        Assert.Equal(["message_start", "error"], events.Select(Kind));
        Assert.Equal(529, (int)(await PostAsync(script, stream: false)).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_breaks_the_connection(bool stream)
    {
        var script = server.Register(ModelStep.CutsAfter("half"));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => PostAsync(script, stream));
    }

    [Fact]
    public async Task A_delay_holds_the_first_byte_back_by_the_clock_of_the_server()
    {
        var clock = new FakeTimeProvider();
        await using var own = await ScriptedModelServer.StartAsync(clock);
        var script = own.Register(ModelStep.Says("late") with { Delay = TimeSpan.FromHours(1) });

        var answer = PostAsync(script);
        await script.RequestAsync(1, cancellationToken: Cancel);
        Assert.False(answer.IsCompleted);

        // The request is recorded before its delay begins, so one step of the clock could come too early.
        await WaitFor.Condition(
            () =>
            {
                clock.Advance(TimeSpan.FromHours(1));
                return answer.IsCompleted;
            },
            script.ToString,
            cancellationToken: Cancel);
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
    }

    [Fact]
    public async Task Disposal_ends_a_hang()
    {
        var own = await ScriptedModelServer.StartAsync();
        var script = own.Register(ModelStep.Hangs());
        var answer = PostAsync(script);
        var hanging = await script.HangAsync(cancellationToken: Cancel);

        await own.DisposeAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer);
        Assert.Equal(ModelRequestEnd.ServerStopped, await hanging.EndAsync(Cancel));
    }

    [Fact]
    public async Task Tokens_are_counted_and_what_no_script_answers_is_noted()
    {
        await using var own = await ScriptedModelServer.StartAsync();
        var script = own.Register(new ModelScript(ModelStep.Says("x")) { CountedTokens = 42 });

        var counted = await _client.PostAsJsonAsync($"{script.BaseUrl}/v1/messages/count_tokens?beta=true", new { }, Cancel);
        using var head = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri(own.Address, "api/hello")), Cancel);
        using var unknown = await _client.PostAsJsonAsync(new Uri(own.Address, "s/nobody/v1/messages"), new { }, Cancel);

        Assert.Equal(42, (await ReadAsync(counted)).GetProperty("input_tokens").GetInt32());
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(["HEAD /api/hello", "POST /s/nobody/v1/messages"], own.StrayRequests);
        Assert.Empty(script.Requests);
    }

    private Task<HttpResponseMessage> PostAsync(RegisteredScript script, bool stream = false, int assistantMessages = 0, bool tools = true) =>
        _client.PostAsJsonAsync(
            $"{script.BaseUrl}/v1/messages?beta=true",
            new
            {
                model = "model-of-the-request",
                stream,
                max_tokens = 100,
                messages = Enumerable.Range(0, assistantMessages)
                    .SelectMany(_ => new[] { new { role = "user", content = "q" }, new { role = "assistant", content = "a" } })
                    .Append(new { role = "user", content = "q" }),
                tools = tools ? new[] { new { name = "Bash" } } : [],
            },
            Cancel);

    private async Task<string?> TextAsync(RegisteredScript script, int assistantMessages = 0, bool tools = true) =>
        (await ReadAsync(await PostAsync(script, assistantMessages: assistantMessages, tools: tools)))
        .GetProperty("content")[0].GetProperty("text").GetString();

    private static Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        response.Content.ReadFromJsonAsync<JsonElement>(Cancel);

    private static List<JsonElement> Events(string body) =>
    [
        .. body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement),
    ];

    private static string? Kind(JsonElement e) => e.GetProperty("type").GetString();

    private static string Joined(IEnumerable<JsonElement> events, string member) => string.Concat(
        events.Where(e => Kind(e) == "content_block_delta").Select(e => e.GetProperty("delta"))
            .Select(d => d.TryGetProperty(member, out var part) ? part.GetString() : ""));
}
