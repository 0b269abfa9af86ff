using System.Text;
using System.Text.Json;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>Output of a real agent that the ledger's database refuses for good, by rules that the test adds to it.</summary>
public sealed class RefusedOutputTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Lines = 100;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_event_that_is_refused_is_dropped_alone_and_the_run_ends_with_all_its_numbers(bool onPostgres)
    {
        await using var server = await StartAsync(onPostgres);
        var run = await StartRunAsync(server, Text(0, 60), $$$"""{"text":"{{{Poison.InEvents}}}","usage":{"input":7,"output":1}}""", Text(60, Lines), """{"result":"done"}""");
        var end = await server.EndOfAsync(run);
        Assert.Equal((RunStatus.Completed, "done", Lines + 1, false), (end.Status, end.Result!.Text, end.Turns, end.UsageIncomplete));

        var events = await EventsAsync(server, run);
        Assert.Equal(Enumerable.Range(0, Lines).Select(number => $"line {number}"), events.Where(IsText).Select(item => item.GetProperty("text").GetString()));
        var refused = Assert.Single(events, item => item.GetProperty("type").GetString() == "output_refused");
        Assert.Contains("poisoned row", refused.GetProperty("reason").GetString(), StringComparison.Ordinal);

        // It names the line, and the transcript has all of it.
        var transcript = await TranscriptAsync(server, run, OutputStream.Stdout);
        Assert.Equal(await File.ReadAllTextAsync(Spool(server, run, "stdout"), Token), transcript);
        var line = transcript.Substring(refused.GetProperty("offset").GetInt32(), refused.GetProperty("length").GetInt32());
        Assert.Contains(Poison.InEvents, line, StringComparison.Ordinal);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        Assert.Equal(Lines + 2, (await server.Ledger.ReadUsageAsync(run, Token)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Usage_that_is_refused_leaves_the_run_s_own_numbers_true_and_flagged(bool onPostgres)
    {
        await using var server = await StartAsync(onPostgres);
        var run = await StartRunAsync(server, Text(0, 10), $$$"""{"text":"dear","usage":{"input":{{{Poison.InInputTokens}}},"output":1}}""", Text(10, 20), """{"result":"done"}""");
        var end = await server.EndOfAsync(run);
        Assert.Equal((RunStatus.Completed, 21, true), (end.Status, end.Turns, end.UsageIncomplete));
        Assert.Equal(21, (await server.Ledger.ReadUsageAsync(run, Token)).Count);
        var events = await EventsAsync(server, run);
        Assert.Equal(21, events.Count(IsText));
        Assert.Single(events, item => item.GetProperty("type").GetString() == "output_refused");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stderr_and_a_result_that_are_refused_do_not_keep_the_run_from_its_end(bool onPostgres)
    {
        await using var server = await StartAsync(onPostgres);
        var run = await StartRunAsync(server, Text(0, 5), """{"stderr":"refused with all of its stream"}""", $$"""{"result":"{{Poison.InResult}}"}""");
        var end = await server.EndOfAsync(run);
        Assert.Equal((RunStatus.Completed, 5), (end.Status, end.Turns));
        Assert.Null(end.Result?.Text);
        Assert.Contains("refused", end.Reason!.Text, StringComparison.Ordinal);
        var refused = Assert.Single(await EventsAsync(server, run), item => item.GetProperty("type").GetString() == "output_refused");
        Assert.Equal("stderr", refused.GetProperty("stream").GetString());
        Assert.Equal("", await TranscriptAsync(server, run, OutputStream.Stderr));
        Assert.Equal(await File.ReadAllTextAsync(Spool(server, run, "stdout"), Token), await TranscriptAsync(server, run, OutputStream.Stdout));
    }

    [Fact]
    public async Task Many_refused_lines_cost_a_few_steps_each()
    {
        await using var server = await StartAsync(onPostgres: false);
        var run = await StartRunAsync(server, $$"""{"repeat":200,"steps":[{"text":"good"},{"text":"good"},{"text":"{{Poison.InEvents}}"}]}""", """{"result":"done"}""");
        var end = await server.EndOfAsync(run);
        Assert.Equal((RunStatus.Completed, 600), (end.Status, end.Turns));
        var events = await EventsAsync(server, run);
        Assert.Equal((400, 200), (events.Count(IsText), events.Count(item => item.GetProperty("type").GetString() == "output_refused")));
        TestContext.Current.TestOutputHelper?.WriteLine($"{end.Version} steps for 200 refused lines");
        Assert.InRange(end.Version, 200, 2_500);
    }

    private async Task<WorkflowsServer> StartAsync(bool onPostgres)
    {
        var database = onPostgres ? postgres.ConnectionString : null;
        var server = await WorkflowsServer.StartAsync(connectionString: database);
        await Poison.AddAsync(server, database);
        return server;
    }

    private static string Text(int from, int to) => string.Join(",", Enumerable.Range(from, to - from).Select(number => $$$"""{"text":"line {{{number}}}","usage":{"input":10,"output":2}}"""));

    private static async Task<RunId> StartRunAsync(WorkflowsServer server, params string[] steps) =>
        (await server.StartRunAsync(new() { Agent = "scripted", Message = $$"""{"steps":[{{string.Join(",", steps)}}]}""" })).Id;

    private static bool IsText(JsonElement item) => item.GetProperty("type").GetString() == "agent_message";

    private static async Task<List<JsonElement>> EventsAsync(WorkflowsServer server, RunId run) =>
        [.. (await server.Ledger.ReadEventsAsync(run, 0, 100_000, Token)).SelectMany(row => JsonElement.Parse(row.Events.Span).EnumerateArray())];

    private static async Task<string> TranscriptAsync(WorkflowsServer server, RunId run, OutputStream stream)
    {
        var text = new MemoryStream();
        await foreach (var chunk in server.Ledger.ReadTranscriptAsync(run, 1, stream, 0, Token))
        {
            text.Write(chunk.Bytes.Span);
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static string Spool(WorkflowsServer server, RunId run, string name) => Path.Combine(server.StateDirectory, "attempts", $"{run.Value:N}-1", name);
}
