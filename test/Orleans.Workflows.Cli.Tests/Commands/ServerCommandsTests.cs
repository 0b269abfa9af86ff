using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Cli.Tests.Commands;

/// <summary>The commands against the real server, its databases and real agent processes.</summary>
public sealed class ServerCommandsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Hangs = """{"steps":[{"text":"thinking"},{"hang":true}]}""";
    private const string Fails = """{"steps":[{"text":"no"},{"result":"it can't be done","isError":true}]}""";

    [Fact]
    public async Task A_followed_run_shows_what_it_does_and_exits_by_how_it_ended()
    {
        var good = await RunAsync(0, "start", "demo", "--prompt", "hello", "--label", "test=follow", "--follow", "-o", "table");
        Assert.Contains("accepted", good.Output, StringComparison.Ordinal);
        Assert.Contains("tool_started  Bash", good.Output, StringComparison.Ordinal);
        Assert.Contains("Completed 6/12 turns", good.Output, StringComparison.Ordinal);

        var bad = await RunAsync(1, "start", "--agent", "scripted", "--prompt", Fails, "--follow", "-o", "table");
        Assert.Contains("Failed", bad.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_run_and_another_body_is_refused()
    {
        var key = Guid.NewGuid().ToString("N");
        var first = IdOf(await RunAsync(0, "start", "demo", "--prompt", "once", "--idempotency-key", key));

        Assert.Equal(first, IdOf(await RunAsync(0, "start", "demo", "--prompt", "once", "--idempotency-key", key)));
        Assert.Contains("key_reused", (await RunAsync(2, "start", "demo", "--prompt", "twice", "--idempotency-key", key)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_3_and_what_its_state_forbids_is_4()
    {
        var run = IdOf(await RunAsync(0, "start", "demo", "--prompt", "hello"));
        await RunAsync(0, "result", run, "--wait");

        await RunAsync(3, "show", RunId.New(TimeProvider.System).ToString());
        await RunAsync(3, "start", "no-such-workflow");
        await RunAsync(4, "cancel", run);
        await RunAsync(4, "message", run, "too late");
    }

    [Fact]
    public async Task A_hanging_run_is_terminated_and_waiting_for_its_result_says_so()
    {
        var run = IdOf(await RunAsync(0, "start", "--agent", "scripted", "--prompt", Hangs));
        await RunAsync(4, "result", run);

        await RunAsync(0, "kill", run, "--reason", "enough");

        Assert.Contains("Terminated", (await RunAsync(1, "result", run, "--wait")).Error, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"Terminated\"", (await RunAsync(0, "show", run)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_attempts_of_a_run_are_shown_with_their_processes()
    {
        var run = IdOf(await RunAsync(0, "start", "--agent", "command", "--", "/bin/sh", "-c", "exit 3"));
        await RunAsync(1, "result", run, "--wait");

        var table = (await RunAsync(0, "attempts", run, "-o", "table")).Output;
        Assert.Contains("exit_code", table, StringComparison.Ordinal);
        Assert.Contains($"{Guid.Parse(run):N}-1", table, StringComparison.Ordinal);
        var attempt = Assert.Single(JsonElement.Parse((await RunAsync(0, "attempts", run)).Output).GetProperty("items").EnumerateArray());
        Assert.Equal(3, attempt.GetProperty("exitCode").GetInt32());
        Assert.Contains($" {Sizes.Text(attempt.GetProperty("peakMemoryBytes").GetInt64())} ", table, StringComparison.Ordinal);
        var shown = (await RunAsync(0, "show", run, "-o", "table")).Output;
        Assert.Contains("peak memory", shown, StringComparison.Ordinal);
        Assert.Contains("cpu time", shown, StringComparison.Ordinal);
        Assert.Contains($" {attempt.GetProperty("pid").GetInt32()} ", table, StringComparison.Ordinal);
        await RunAsync(3, "attempts", RunId.New(TimeProvider.System).ToString());
    }

    [Fact]
    public async Task The_nodes_are_shown_with_what_they_can_do()
    {
        var table = (await RunAsync(0, "nodes", "-o", "table")).Output;
        Assert.Contains("Active", table, StringComparison.Ordinal);
        Assert.Contains(" Both ", table, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:", table, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"Active\"", (await RunAsync(0, "nodes")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_is_the_same_by_pages_and_live_and_its_tail_is_its_end()
    {
        var run = IdOf(await RunAsync(0, "start", "demo", "--prompt", "hello"));
        var live = await RunAsync(0, "logs", run, "-f", "-o", "json");

        var paged = await RunAsync(0, "logs", run, "-o", "json");
        Assert.Equal(live.Output, paged.Output);
        Assert.All(Lines(paged), (line, index) => Assert.Equal(index + 1, JsonElement.Parse(line).GetProperty("seq").GetInt32()));
        Assert.Equal(Lines(paged)[^2..], Lines(await RunAsync(0, "logs", run, "-o", "json", "--tail", "2")));
        Assert.Equal(Lines(paged)[^2..], Lines(await RunAsync(0, "logs", run, "-o", "json", "--tail", "2", "-f")));
    }

    [Fact]
    public async Task The_raw_transcript_replays_to_the_runs_own_numbers()
    {
        var run = IdOf(await RunAsync(0, "start", "demo", "--prompt", "hello"));
        await RunAsync(0, "result", run, "--wait");
        var shown = JsonElement.Parse((await RunAsync(0, "show", run)).Output);

        var raw = (await RunAsync(0, "logs", run, "--raw")).Output;
        var terminal = new TestTerminal();
        Assert.Equal(0, await terminal.RunAsync(["replay", "-", "--exit-code", "0"], raw));
        var replayed = JsonElement.Parse(terminal.Output);

        Assert.Equal("scripted", replayed.GetProperty("agent").GetString());
        foreach (var name in (string[])["turns", "toolCalls", "permissionDenials"])
        {
            Assert.Equal(shown.GetProperty(name).GetInt64(), replayed.GetProperty(name).GetInt64());
        }

        foreach (var name in (string[])["inputTokens", "outputTokens", "cacheReadTokens", "cacheCreationTokens", "costUsd"])
        {
            Assert.Equal(shown.GetProperty("usage").GetProperty(name).GetDecimal(), replayed.GetProperty(name).GetDecimal());
        }
    }

    [Fact]
    public async Task An_ended_run_is_continued_in_its_session_and_retried_as_a_new_run()
    {
        var run = IdOf(await RunAsync(0, "start", "demo", "--prompt", "hello"));
        await RunAsync(0, "result", run, "--wait");

        var next = JsonElement.Parse((await RunAsync(0, "continue", run, "-m", "go on", "--follow")).Output);
        Assert.Equal(run, next.GetProperty("continuedFrom").GetString());
        var again = IdOf(await RunAsync(0, "retry", next.GetProperty("id").GetString()!));
        await RunAsync(0, "result", again, "--wait");
    }

    [Fact]
    public async Task Lists_queues_workflows_totals_and_a_dry_clean_up_are_shown()
    {
        var run = IdOf(await RunAsync(0, "start", "demo", "--prompt", "hello", "--label", "test=shown"));
        await RunAsync(0, "result", run, "--wait");

        var list = await RunAsync(0, "list", "--label", "test=shown", "--status", "Completed", "--sort", "cost", "-o", "table");
        Assert.Contains(run, list.Output, StringComparison.Ordinal);
        Assert.Contains("1 of 1", list.Output, StringComparison.Ordinal);
        Assert.Contains("implement", (await RunAsync(0, "workflows", "-o", "table")).Output, StringComparison.Ordinal);
        Assert.Contains("implement", (await RunAsync(0, "workflows", "--reload", "-o", "table")).Output, StringComparison.Ordinal);
        Assert.Contains("scripted", (await RunAsync(0, "workflows", "demo", "-o", "table")).Output, StringComparison.Ordinal);
        Assert.Contains(" 3 ", (await RunAsync(0, "queues", "narrow", "--limit", "3", "-o", "table")).Output, StringComparison.Ordinal);
        Assert.Contains("narrow", (await RunAsync(0, "queues", "-o", "table")).Output, StringComparison.Ordinal);
        Assert.Contains("demo", (await RunAsync(0, "metrics", "-o", "table")).Output, StringComparison.Ordinal);
        Assert.Contains($"would remove ", (await RunAsync(0, "cleanup", run, "-o", "table")).Output, StringComparison.Ordinal);
        Assert.Contains($"removed ", (await RunAsync(0, "cleanup", run, "--dry-run", "false", "-o", "table")).Output, StringComparison.Ordinal);
        Assert.Contains($"removed ", (await RunAsync(0, "cleanup", run, "--attempts", "--dry-run", "false", "-o", "table")).Output, StringComparison.Ordinal);
        await RunAsync(2, "list", "--sort", "colour");
        await RunAsync(3, "workflows", "no-such-workflow");
    }

    private static string IdOf(TestTerminal terminal) => JsonElement.Parse(terminal.Output).GetProperty("id").GetString()!;

    private static string[] Lines(TestTerminal terminal) => terminal.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<TestTerminal> RunAsync(int expected, params string[] args)
    {
        var terminal = new TestTerminal();
        var code = await terminal.RunAsync(args, variables: new Dictionary<string, string> { ["WORKFLOWS_SERVER"] = fixture.Url });
        Assert.True(code == expected, $"{string.Join(' ', args)}: exit code {code}, not {expected}\n{terminal.Output}\n{terminal.Error}");
        return terminal;
    }
}
