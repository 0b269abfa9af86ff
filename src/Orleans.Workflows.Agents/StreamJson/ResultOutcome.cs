using Orleans.Workflows.Runs;
using static Orleans.Workflows.Agents.StreamJson.StreamJsonOutcome;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>The outcome where a result line closed the last turn.</summary>
internal static class ResultOutcome
{
    public static Outcome Of(TurnResult result, StreamState state, AttemptEvidence evidence)
    {
        var isSuccess = !result.IsError && (result.Subtype is null or "success");
        if (result.TerminalReason?.StartsWith("aborted", StringComparison.Ordinal) == true)
        {
            return Failed(ReasonCodes.Interrupted, "The agent was interrupted before it finished its turn.");
        }

        return isSuccess ? Success(result, state, evidence) : Error(result, state, evidence);
    }

    private static Outcome Success(TurnResult result, StreamState state, AttemptEvidence evidence)
    {
        if (result.StopReason == "refusal")
        {
            return Failed(ReasonCodes.Refused, Quote("The model refused to go on", state.Refusal ?? result.Text));
        }

        if (result.StopReason == "max_tokens")
        {
            return Failed(ReasonCodes.OutputLimit, "The model's answer reached its output limit and is cut.");
        }

        if (result.StructuredOutput is null && (evidence.StructuredOutputRequired || state.StructuredOutputAsked))
        {
            return Failed(ReasonCodes.StructuredOutput, Quote("The agent finished without the structured output that was asked for; it said", result.Text));
        }

        // A signal after the result ends a process that had nothing left to report, most often ours because of a background
        // task. An exit code of its own contradicts the result: 2.1 exits with 0 exactly when its last result is no error.
        if (!evidence.StopRequested && evidence.ExitCode is { } code && code != 0 && ExitSignal.Of(evidence) is null)
        {
            return Failed(ReasonCodes.ExitCode, Quote($"The agent reported success but exited with code {code}", evidence.StderrTail));
        }

        return new Outcome { Status = RunStatus.Completed, Reason = new Reason(ReasonCodes.Success, "The agent reported success."), Resumable = true };
    }

    private static Outcome Error(TurnResult result, StreamState state, AttemptEvidence evidence)
    {
        var words = result.Text is { Length: > 0 } text ? text : result.Errors ?? state.ErrorText;
        return (result.Subtype, result.TerminalReason) switch
        {
            _ when result.StartupFailure is { } reason => Failed(ReasonCodes.LaunchFailed, Quote($"The agent refused to start ({reason})", words), resumable: false),
            ("error_max_turns", _) or (_, "max_turns") => Failed(ReasonCodes.MaxTurns, Quote("The agent reached its maximum number of turns", result.Errors)),
            ("error_max_budget_usd", _) or (_, "budget_exhausted") => Failed(ReasonCodes.Budget, Quote("The agent reached its budget", result.Errors)),
            ("error_max_structured_output_retries", _) => Failed(ReasonCodes.StructuredOutput, Quote("The agent gave no output that fits the schema", words)),
            _ when IsUnknownSession(words) => Failed(ReasonCodes.SessionNotFound, Quote("The agent does not know the session", words), resumable: false),
            _ when state.Refusal is not null || result.StopReason == "refusal" => Failed(ReasonCodes.Refused, Quote("The model refused to go on", state.Refusal ?? words)),
            _ when result.ApiError == "max_output_tokens" || result.StopReason == "max_tokens" => Failed(ReasonCodes.OutputLimit, Quote("The model's answer reached its output limit", words)),
            _ when IsCredential(words) => Failed(ReasonCodes.Authentication, Quote("The agent's credential was not accepted", words)),
            _ when IsService(result) => Service(result, words, state, evidence),
            _ => Failed(ReasonCodes.AgentError, Quote($"The agent ended its turn with an error ({result.TerminalReason ?? result.Subtype ?? "unknown"})", words)),
        };
    }

    private static bool IsService(TurnResult result) =>
        result.TerminalReason == "api_error" || result.ApiErrorStatus is not null || result.ApiError is not null || result.ApiErrorType is not null;

    private static Outcome Service(TurnResult result, string? words, StreamState state, AttemptEvidence evidence)
    {
        var code = ServiceError.Code(result.ApiErrorStatus, result.ApiErrorType ?? result.ApiError);
        var sentence = code switch
        {
            ReasonCodes.Authentication => "The model's service did not accept the credential",
            ReasonCodes.RateLimited => "The account's rate limit is reached",
            ReasonCodes.Overloaded => "The model's service is overloaded",
            _ when result.ApiErrorStatus is null => "The model's service could not be reached",
            _ => $"The model's service answered with an error ({result.ApiErrorStatus})",
        };
        return Failed(code, Quote(sentence, words), ServiceError.IsPassing(code, result.ApiErrorStatus)) with
        {
            RetryAt = code == ReasonCodes.RateLimited ? RetryAt(state, evidence.At) : null,
        };
    }

    /// <summary>The limit's reset, else what the service's last <c>retry-after</c> made the agent wait.</summary>
    internal static DateTimeOffset? RetryAt(StreamState state, DateTimeOffset at)
    {
        if (state.LimitResetsAt is { } seconds && seconds > at.ToUnixTimeSeconds() && seconds < at.AddYears(1).ToUnixTimeSeconds())
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        return state.RetryDelayMs is { } delay ? at + TimeSpan.FromMilliseconds(Math.Min(delay, 3_600_000)) : null;
    }

    internal static bool IsUnknownSession(string? words) =>
        words?.Contains("No conversation found with session ID", StringComparison.Ordinal) == true;

    internal static bool IsCredential(string? words) =>
        words is not null && (words.Contains("Not logged in", StringComparison.OrdinalIgnoreCase)
            || words.Contains("Invalid API key", StringComparison.OrdinalIgnoreCase)
            || words.Contains("/login", StringComparison.Ordinal)
            || words.Contains("Credit balance is too low", StringComparison.OrdinalIgnoreCase)
            || words.Contains("OAuth token has expired", StringComparison.OrdinalIgnoreCase));
}
