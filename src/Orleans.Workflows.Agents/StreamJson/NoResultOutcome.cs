using Orleans.Workflows.Runs;
using static Orleans.Workflows.Agents.StreamJson.StreamJsonOutcome;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>The outcome where no result closed the last turn: why it failed, whatever the exit code says.</summary>
internal static class NoResultOutcome
{
    public static Outcome Of(StreamState state, AttemptEvidence evidence)
    {
        var stderr = evidence.StderrTail;
        var signal = ExitSignal.Of(evidence);
        return state switch
        {
            _ when evidence.LaunchError is { } error => Failed(ReasonCodes.LaunchFailed, Quote("The agent's program could not be started", error), resumable: false),

            // A refused credential is retried for minutes; whoever stops that, the credential is the reason.
            { RetryingOn: ReasonCodes.Authentication } => Failed(ReasonCodes.Authentication, Quote("The model's service did not accept the credential", stderr)),
            _ when evidence.StopRequested => Failed(ReasonCodes.Interrupted, "The agent was stopped before it gave a result."),
            { InterruptSeen: true } => Failed(ReasonCodes.Interrupted, "The agent was interrupted before it gave a result."),
            _ when ResultOutcome.IsUnknownSession(stderr) => Failed(ReasonCodes.SessionNotFound, Quote("The agent does not know the session", stderr), resumable: false),
            _ when ResultOutcome.IsCredential(stderr) => Failed(ReasonCodes.Authentication, Quote("The agent's credential was not accepted", stderr)),
            _ when signal is { } number => Failed(ReasonCodes.Signaled, Signaled(state, number), retryable: true),
            _ when state.Lines == 0 && evidence.ExitCode is { } code && code != 0 => Failed(ReasonCodes.LaunchFailed, Quote($"The agent refused to start (exit code {code})", stderr), resumable: false),
            { RetryingOn: { } code } when evidence.ExitCode is not null => Failed(code, Quote("The agent gave up while the model's service failed", state.ErrorText ?? stderr), ServiceError.IsPassing(code, null)) with
            {
                RetryAt = code == ReasonCodes.RateLimited ? ResultOutcome.RetryAt(state, evidence.At) : null,
            },
            _ => Failed(ReasonCodes.NoResult, Quote($"The agent ended {Exit(evidence)} without a result", state.ErrorText ?? stderr), retryable: true),
        };
    }

    private static string Signaled(StreamState state, int number) =>
        $"Signal {ExitSignal.Name(number)} ended the agent before it gave a result"
        + (state.RetryingOn is null ? "." : ", while it was retrying the model's service.");

    private static string Exit(AttemptEvidence evidence) => evidence.ExitCode is { } code ? $"with exit code {code}" : "or its output stopped";
}
