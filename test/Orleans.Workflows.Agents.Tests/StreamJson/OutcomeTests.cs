using System.Text;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Agents.Tests.StreamJson;

public sealed class OutcomeTests
{
    private static readonly IAgentAdapter Claude = AgentCatalog.Shipped().Find("claude")!;
    private static readonly DateTimeOffset At = new(2026, 11, 22, 21, 0, 0, TimeSpan.Zero);
    private const string Init = """{"type":"system","subtype":"init","session_id":"s"}""";
    private const string Success = """{"type":"result","subtype":"success","is_error":false,"terminal_reason":"completed","result":"done"}""";

    [Fact]
    public void A_rate_limit_is_tried_again_when_it_resets()
    {
        var reset = At.AddMinutes(40);
        var outcome = Of(
            new() { Parser = null!, At = At, ExitCode = 1 },
            Init,
            $$$"""{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":{{{reset.ToUnixTimeSeconds()}}},"rateLimitType":"five_hour"}}""",
            """{"type":"result","subtype":"success","is_error":true,"terminal_reason":"api_error","api_error_status":429,"result":"limit"}""");

        Assert.Equal((ReasonCodes.RateLimited, true, reset), (outcome.Reason.Code, outcome.Retryable, outcome.RetryAt));
        Assert.Contains("limit", outcome.Reason.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, Dependency.Credential)]
    [InlineData(429, Dependency.Credential)]
    [InlineData(529, Dependency.Model)]
    [InlineData(503, Dependency.Model)]
    [InlineData(400, null)]
    public void Who_else_would_fare_the_same_is_told_by_what_the_service_said(int status, Dependency? failed) =>
        Assert.Equal(failed, Of(new() { Parser = null!, At = At, ExitCode = 1 }, Init, $$$"""{"type":"result","subtype":"success","is_error":true,"terminal_reason":"api_error","api_error_status":{{{status}}},"result":"no"}""").Failed);

    [Fact]
    public void A_program_that_can_t_be_executed_fails_all_runs_of_its_agent_and_one_that_refuses_to_start_only_its_own()
    {
        Assert.Equal(Dependency.Agent, Of(new() { Parser = null!, At = At, LaunchError = "No such file." }).Failed);
        Assert.Null(Of(new() { Parser = null!, At = At, ExitCode = 1, StderrTail = "error: unknown option '--x'" }).Failed);
        Assert.Null(Of(new() { Parser = null!, At = At, ExitCode = 0 }, Init, Success).Failed);
    }

    [Fact]
    public void A_success_that_exits_with_an_error_code_is_not_believed()
    {
        Assert.Equal((RunStatus.Failed, ReasonCodes.ExitCode), StatusOf(Of(new() { Parser = null!, At = At, ExitCode = 3, StderrTail = "boom" }, Init, Success)));
        Assert.Equal((RunStatus.Completed, ReasonCodes.Success), StatusOf(Of(new() { Parser = null!, At = At, ExitCode = 143 }, Init, Success)));
        Assert.Equal((RunStatus.Completed, ReasonCodes.Success), StatusOf(Of(new() { Parser = null!, At = At, Signal = 9 }, Init, Success)));
        Assert.Equal((RunStatus.Completed, ReasonCodes.Success), StatusOf(Of(new() { Parser = null!, At = At, ExitCode = 1, StopRequested = true }, Init, Success)));
    }

    [Fact]
    public void A_result_is_not_the_last_word_when_another_turn_began()
    {
        var outcome = Of(new() { Parser = null!, At = At, Signal = 9 }, Init, Success, Init);

        Assert.Equal((RunStatus.Failed, ReasonCodes.Signaled), StatusOf(outcome));
        Assert.True(outcome is { Retryable: true, Resumable: true });
    }

    [Fact]
    public void An_interrupt_after_the_last_turn_takes_nothing_back()
    {
        const string interrupted = """{"type":"user","message":{"role":"user","content":[{"type":"text","text":"[Request interrupted by user]"}]}}""";
        const string aborted = """{"type":"result","subtype":"error_during_execution","is_error":true,"terminal_reason":"aborted_streaming"}""";
        const string working = """{"type":"assistant","message":{"id":"m2","model":"x","content":[{"type":"text","text":"go on"}]}}""";

        var late = Of(new() { Parser = null!, At = At, ExitCode = 0 }, Init, Success, interrupted, aborted);
        Assert.Equal((RunStatus.Completed, ReasonCodes.Success, "done"), (late.Status, late.Reason.Code, late.ResultText));

        var amid = Of(new() { Parser = null!, At = At, ExitCode = 0 }, Init, Success, working, interrupted, aborted);
        Assert.Equal((RunStatus.Failed, ReasonCodes.Interrupted), StatusOf(amid));
    }

    [Fact]
    public void A_missing_structured_output_fails_the_run() =>
        Assert.Equal((RunStatus.Failed, ReasonCodes.StructuredOutput), StatusOf(Of(new() { Parser = null!, At = At, ExitCode = 0, StructuredOutputRequired = true }, Init, Success)));

    [Theory]
    [InlineData("error: unknown option '--x'", 1, ReasonCodes.LaunchFailed)]
    [InlineData("Invalid API key · Please run /login", 1, ReasonCodes.Authentication)]
    [InlineData("No conversation found with session ID: x", 1, ReasonCodes.SessionNotFound)]
    [InlineData("", 0, ReasonCodes.NoResult)]
    public void Without_a_line_the_end_is_explained_by_stderr(string stderr, int code, string reason)
    {
        var outcome = Of(new() { Parser = null!, At = At, ExitCode = code, StderrTail = stderr });

        Assert.Equal((RunStatus.Failed, reason), StatusOf(outcome));
        Assert.Contains(stderr, outcome.Reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_on_request_is_interrupted_and_resumable()
    {
        var outcome = Of(new() { Parser = null!, At = At, ExitCode = 143, StopRequested = true }, Init);

        Assert.Equal((RunStatus.Failed, ReasonCodes.Interrupted), StatusOf(outcome));
        Assert.True(outcome is { Retryable: false, Resumable: true });
    }

    [Theory]
    [InlineData("refusal", false, ReasonCodes.Refused)]
    [InlineData("refusal", true, ReasonCodes.Refused)]
    [InlineData("max_tokens", false, ReasonCodes.OutputLimit)]
    public void A_stop_reason_that_ends_the_work_early_is_no_success(string stop, bool isError, string reason) =>
        Assert.Equal((RunStatus.Failed, reason), StatusOf(Of(
            new() { Parser = null!, At = At, ExitCode = isError ? 1 : 0 },
            Init,
            $$"""{"type":"result","subtype":"success","is_error":{{(isError ? "true" : "false")}},"stop_reason":"{{stop}}" }""")));

    [Fact]
    public void Text_and_structured_output_are_whole()
    {
        var text = new string('x', 100_000);
        var outcome = Of(
            new() { Parser = null!, At = At, ExitCode = 0 },
            Init,
            $$"""{"type":"result","subtype":"success","is_error":false,"result":"{{text}}","structured_output":{"a":"\u00e4"} }""");

        Assert.Equal((text, """{"a":"\u00e4"}"""), (outcome.ResultText, outcome.StructuredOutput));
    }

    private static (RunStatus, string) StatusOf(Outcome outcome) => (outcome.Status, outcome.Reason.Code);

    private static Outcome Of(AttemptEvidence evidence, params string[] lines)
    {
        var parser = Claude.CreateParser(AgentBaseline.None, []);
        var batch = new AgentEventBatch();
        foreach (var line in lines)
        {
            parser.Parse(Encoding.UTF8.GetBytes(line), batch);
        }

        return Claude.Classify(evidence with { Parser = parser });
    }
}
