using System.Text;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Agents.Tests.Command;

public sealed class CommandTests
{
    private static readonly Dictionary<string, string> JsonLines = new() { ["output"] = "jsonl" };
    private static readonly IAgentAdapter Agent = AgentCatalog.Shipped(new TestMachine()).Find("command")!;

    private static AgentLaunch Launch { get; } = new()
    {
        AttemptKey = "run/1",
        PromptId = Guid.Empty,
        Prompt = "grüße",
        SessionId = Guid.Empty,
        AgentHome = "/data/h",
        WorkingDirectory = "/work",
        Environment = new Dictionary<string, string>(),
        Command = ["tool", "--flag", "a b"],
    };

    [Fact]
    public void The_prompt_goes_to_stdin_which_is_then_closed()
    {
        var plan = Agent.BuildLaunch(Launch);

        Assert.Equal("/bin/tool", plan.Program);
        Assert.Equal(["--flag", "a b"], plan.Arguments);
        Assert.Equal(("grüße", false), (Encoding.UTF8.GetString(plan.Input), plan.KeepInputOpen));
        Assert.Equal(["HOME", "LANG", "ORLEANS_WORKFLOWS_RUN", "PATH"], plan.Environment.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_program_that_is_not_there_is_refused()
    {
        Assert.Equal("command", Agent.BuildLaunch(Launch with { Command = ["nope"] }).Failure?.Field);
        Assert.Equal("command", Agent.BuildLaunch(Launch with { Command = [] }).Failure?.Field);
        Assert.Equal("options.output", Agent.BuildLaunch(Launch with { Options = new Dictionary<string, string> { ["output"] = "xml" } }).Failure?.Field);
    }

    [Theory]
    [InlineData(0, null, false, RunStatus.Completed, ReasonCodes.Success)]
    [InlineData(3, null, false, RunStatus.Failed, ReasonCodes.ExitCode)]
    [InlineData(null, 9, false, RunStatus.Failed, ReasonCodes.Signaled)]
    [InlineData(143, null, true, RunStatus.Failed, ReasonCodes.Interrupted)]
    [InlineData(0, null, true, RunStatus.Completed, ReasonCodes.Success)]
    [InlineData(null, null, false, RunStatus.Failed, ReasonCodes.NoResult)]
    public void The_exit_code_decides(int? code, int? signal, bool stop, RunStatus status, string reason)
    {
        var outcome = Judge(Read([], "hello", "last line"), code, signal, stop);

        Assert.Equal((status, reason, "hello\nlast line"), (outcome.Status, outcome.Reason.Code, outcome.ResultText));
    }

    [Fact]
    public void Only_the_last_text_is_kept()
    {
        var text = Judge(Read([], [.. Enumerable.Range(0, 10_000).Select(i => $"line {i}")]), 0, null, false).ResultText!;

        Assert.EndsWith("line 9999", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 8_000, 16_384);
    }

    [Fact]
    public void JSON_lines_report_turns_usage_and_the_result()
    {
        var parser = Read(
            JsonLines,
            """{"type":"progress","text":"half","turns":3}""",
            """{"type":"usage","model":"m","inputTokens":10,"costUsd":0.10}""",
            """{"type":"usage","model":"m","inputTokens":5,"outputTokens":2,"costUsd":0.05}""",
            """{"type":"later"}""",
            "plain",
            """{"output":{"ok":true},"text":"all done","type":"result"}""");

        Assert.Equal((3, 15, 2, 0.15m, 1), (parser.Progress.Turns, parser.Progress.Usage.InputTokens, parser.Progress.Usage.OutputTokens, parser.Progress.Usage.CostUsd, parser.Progress.BrokenLines));
        var outcome = Judge(parser, 0, null, false);
        Assert.Equal(("all done", """{"ok":true}"""), (outcome.ResultText, outcome.StructuredOutput));
    }

    [Fact]
    public void An_error_reported_as_JSON_is_no_success() =>
        Assert.Equal(ReasonCodes.AgentError, Judge(Read(JsonLines, """{"type":"result","isError":true,"text":"no"}"""), 0, null, false).Reason.Code);

    private static IAgentParser Read(Dictionary<string, string> options, params string[] lines)
    {
        var parser = Agent.CreateParser(AgentBaseline.None, [], options);
        var batch = new AgentEventBatch();
        foreach (var line in lines)
        {
            parser.Parse(Encoding.UTF8.GetBytes(line), batch);
            parser = Agent.CreateParser(AgentBaseline.None, parser.Snapshot());
        }

        return parser;
    }

    private static Outcome Judge(IAgentParser parser, int? code, int? signal, bool stop) => Agent.Classify(
        new AttemptEvidence { Parser = parser, ExitCode = code, Signal = signal, StopRequested = stop, StderrTail = "", At = DateTimeOffset.UnixEpoch });
}
