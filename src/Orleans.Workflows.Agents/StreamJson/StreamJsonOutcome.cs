using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>
/// Judges an attempt from all evidence. The result line decides where there is one that closes the last turn; never its
/// <c>subtype</c> alone, since an API error says <c>"subtype":"success","is_error":true</c>. Without one it is never a success.
/// </summary>
internal static class StreamJsonOutcome
{
    public static Outcome Classify(AttemptEvidence evidence)
    {
        var parser = evidence.Parser as StreamJsonParser
            ?? throw new ArgumentException("The parser was made by another adapter.", nameof(evidence));
        var state = parser.State;
        var outcome = state.Result is { } result && !state.TurnIsOpen
            ? ResultOutcome.Of(result, state, evidence)
            : NoResultOutcome.Of(state, evidence);
        return outcome with
        {
            ResultText = state.Result?.Text,
            StructuredOutput = state.Result?.StructuredOutput,
            PermissionDenials = parser.Denials,
            Failed = FailedOf(outcome, evidence),
            Resumable = outcome.Resumable && state.SessionId is not null && state.HasInit,
        };
    }

    /// <summary>A refusal to start may be the workflow's own doing, such as a wrong option; that the program can't be executed is not.</summary>
    private static Dependency? FailedOf(Outcome outcome, AttemptEvidence evidence) => outcome.Reason.Code switch
    {
        ReasonCodes.Authentication or ReasonCodes.RateLimited => Dependency.Credential,
        ReasonCodes.Overloaded => Dependency.Model,
        ReasonCodes.ApiError when outcome.Retryable => Dependency.Model,
        ReasonCodes.LaunchFailed when evidence.LaunchError is not null => Dependency.Agent,
        _ => null,
    };

    public static Outcome Failed(string code, string text, bool retryable = false, bool resumable = true) =>
        new() { Status = RunStatus.Failed, Reason = new Reason(code, text), Retryable = retryable, Resumable = resumable };

    /// <summary>An error's own words, on one line and cut, behind a sentence of ours.</summary>
    public static string Quote(string sentence, string? words)
    {
        var line = string.Join(' ', (words ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = line.Length > 400 ? line[..400] + "…" : line;
        return line.Length == 0 ? sentence + "." : $"{sentence}: {line}";
    }
}
