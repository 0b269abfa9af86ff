using System.Text.Json;

namespace Orleans.Workflows.Cli.Tests.Commands;

public sealed class ReplayCommandTests
{
    private static readonly string[] Fields =
    [
        "agent", "status", "reason", "turns", "toolCalls", "inputTokens", "outputTokens", "cacheReadTokens", "cacheCreationTokens", "costUsd", "sessionId", "permissionDenials",
    ];

    private static string Directory => Path.Join(AppContext.BaseDirectory, "Transcripts");

    public static TheoryData<string> Transcripts => [.. System.IO.Directory.EnumerateFiles(Directory, "*.jsonl").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Transcripts))]
    public async Task Every_recorded_stream_gives_one_document_with_exactly_the_promised_fields(string name)
    {
        var document = await ReplayAsync([Path.Join(Directory, name)]);

        Assert.Equal(Fields, document.EnumerateObject().Select(field => field.Name));
        Assert.Equal("claude", document.GetProperty("agent").GetString());
        Assert.Contains(document.GetProperty("status").GetString(), (string[])["Completed", "Failed"]);
        Assert.Matches("^[a-z_]+$", document.GetProperty("reason").GetString());
    }

    // The whole table, worked out by hand, is with the parser's tests; these show that file, exit code and numbers get here.
    [Theory]
    [InlineData("ok", 0, "Completed", "success", 2, 1, 200L, 40L, "0.0016", 0)]
    [InlineData("default", 0, "Completed", "success", 2, 1, 200L, 40L, "0.0016", 1)]
    [InlineData("maxturns1", 1, "Failed", "max_turns", 1, 1, 100L, 20L, "0.0008", 0)]
    [InlineData("err401", -15, "Failed", "authentication", 0, 0, null, null, null, 0)]
    [InlineData("sig-bash-SIGKILL", -9, "Failed", "signaled", 1, 1, 100L, null, null, 0)]
    public async Task The_outcome_is_the_parsers(string name, int exitCode, string status, string reason, int turns, int toolCalls, long? input, long? output, string? cost, int denials)
    {
        var document = await ReplayAsync([Path.Join(Directory, $"claude-{name}.jsonl"), "--exit-code", $"{exitCode}"]);

        Assert.Equal(status, document.GetProperty("status").GetString());
        Assert.Equal(reason, document.GetProperty("reason").GetString());
        Assert.Equal(turns, document.GetProperty("turns").GetInt32());
        Assert.Equal(toolCalls, document.GetProperty("toolCalls").GetInt32());
        Assert.Equal(input, document.GetProperty("inputTokens").Deserialize<long?>());
        Assert.Equal(output, document.GetProperty("outputTokens").Deserialize<long?>());
        Assert.Equal(cost is null ? null : decimal.Parse(cost), document.GetProperty("costUsd").Deserialize<decimal?>());
        Assert.Equal(denials, document.GetProperty("permissionDenials").GetInt32());
    }

    [Fact]
    public async Task A_stream_from_stdin_gives_the_same_as_from_its_file()
    {
        var path = Path.Join(Directory, "claude-ok.jsonl");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal((await ReplayAsync([path])).GetRawText(), (await ReplayAsync(["-"], text)).GetRawText());
    }

    [Fact]
    public async Task What_is_no_agents_stream_is_a_commands_output_and_its_exit_code_decides()
    {
        Assert.Equal("Completed", (await ReplayAsync(["-", "--exit-code", "0"], "hello\n")).GetProperty("status").GetString());
        var failed = await ReplayAsync(["-", "--exit-code", "3"], "hello\n");
        Assert.Equal(("command", "Failed", "exit_code"), (failed.GetProperty("agent").GetString(), failed.GetProperty("status").GetString(), failed.GetProperty("reason").GetString()));
        Assert.Equal(JsonValueKind.Null, failed.GetProperty("costUsd").ValueKind);
    }

    [Fact]
    public async Task An_empty_stream_is_never_a_success_of_claude() =>
        Assert.Equal("Failed", (await ReplayAsync(["-", "--agent", "claude", "--exit-code", "0"])).GetProperty("status").GetString());

    private static async Task<JsonElement> ReplayAsync(string[] args, string input = "")
    {
        var terminal = new TestTerminal();
        var code = await terminal.RunAsync(["replay", .. args], input);
        Assert.True(code == 0, terminal.Error);
        return JsonElement.Parse(terminal.Output);
    }
}
