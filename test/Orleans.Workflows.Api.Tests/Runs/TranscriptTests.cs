using System.Text;
using System.Text.Json;
using Orleans.Workflows.Api.Tests.Running;

namespace Orleans.Workflows.Api.Tests.Runs;

[Collection(ServerCollection.Name)]
public sealed class TranscriptTests(ServerFixture server)
{
    [Fact]
    public async Task The_output_comes_back_byte_for_byte_whole_by_tail_and_from_an_offset()
    {
        var run = await server.StartAsync("""{"text":"grüße"},{"stderr":"careful"},{"longLine":200000},{"lines":50,"bytes":100},{"result":"done"}""");
        await server.EndAsync(run);
        var whole = await server.GetAsync($"/runs/{run}/transcript");
        Assert.Equal("application/x-ndjson", whole.MediaType);
        Assert.Equal("attachment", whole.ContentHeaders.ContentDisposition?.DispositionType);
        Assert.Equal("nosniff", whole.Header("X-Content-Type-Options"));
        Assert.Equal("0", whole.Header("X-Transcript-Offset"));
        var lines = whole.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
        Assert.Contains(lines, line => line.Contains("gr\\u00FC", StringComparison.OrdinalIgnoreCase) || line.Contains("grüße", StringComparison.Ordinal));
        var attempt = (await server.GetAsync($"/runs/{run}/attempts")).Json.GetProperty("items")[0];
        Assert.Equal(attempt.GetProperty("stdoutBytes").GetInt64(), whole.Bytes.Length);

        foreach (var count in new[] { 0, 1, 3, lines.Length - 1, lines.Length, 10_000 })
        {
            var tail = await server.GetAsync($"/runs/{run}/transcript?tail={count}");
            Assert.Equal(lines.TakeLast(count), tail.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Equal(whole.Bytes.Length, int.Parse(tail.Header("X-Transcript-Offset")!) + tail.Bytes.Length);
        }

        var rest = await server.GetAsync($"/runs/{run}/transcript?from=1000&attempt=1");
        Assert.Equal(whole.Bytes[1000..], rest.Bytes);
        Assert.Empty((await server.GetAsync($"/runs/{run}/transcript?from=999999999")).Bytes);

        var stderr = await server.GetAsync($"/runs/{run}/transcript?stream=stderr");
        Assert.Equal("careful\n", stderr.Body);
        Assert.Equal("application/octet-stream", stderr.MediaType);
    }

    [Fact]
    public async Task Following_ends_with_the_attempt_and_misses_nothing()
    {
        var run = await server.StartAsync("""{"text":"first"},{"readStdin":true},{"result":"done"}""");
        await server.EventAsync(run, "agent_message");
        var following = server.GetAsync($"/runs/{run}/transcript?follow=true");
        Assert.Equal(202, (int)(await server.PostAsync($"/runs/{run}/messages", """{"text":"go on"}""")).Status);
        var followed = await following;
        await server.EndAsync(run);
        Assert.Equal((await server.GetAsync($"/runs/{run}/transcript")).Body, followed.Body);
        Assert.Contains("go on", Encoding.UTF8.GetString(followed.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Following_ends_with_the_attempt_although_the_run_will_try_again()
    {
        var run = (await server.PostAsync("/runs", """{"workflow":"again"}""")).Text("id")!;
        await server.EventAsync(run, "started");
        var followed = await server.GetAsync($"/runs/{run}/transcript?follow=true");
        Assert.Equal("once\n", followed.Body);
        Assert.Equal("Waiting", (await server.GetAsync($"/runs/{run}")).Text("status"));
        Assert.Equal(200, (int)(await server.PostAsync($"/runs/{run}/cancel")).Status);
    }

    [Theory]
    [InlineData("tail=1&from=2", "tail")]
    [InlineData("tail=-1", "tail")]
    [InlineData("stream=stdin", "stream")]
    [InlineData("attempt=0", "attempt")]
    [InlineData("follow=perhaps", "follow")]
    public async Task A_wrong_part_is_refused(string query, string field) =>
        Assert.Equal(field, (await server.GetAsync($"/runs/0199c0de-0000-7000-8000-000000000000/transcript?{query}")).ProblemField(400));

    [Fact]
    public async Task An_attempt_that_was_not_is_404()
    {
        var run = await server.StartAsync(ScriptedRun.Short);
        await server.EndAsync(run);
        Assert.Equal("attempt", (await server.GetAsync($"/runs/{run}/transcript?attempt=7")).ProblemField(404, "attempt_not_found"));
    }
}
