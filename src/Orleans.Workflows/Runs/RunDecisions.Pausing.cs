using Orleans.Workflows.Agents;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Runs;

/// <summary>Runs that wait for a person, or for a limit to be reset: their time limits stand still.</summary>
internal static partial class RunDecisions
{
    /// <summary>No attempt is left and the policy says to pause: the run's time limits stand still until a person resumes it, or ends it.</summary>
    private static RunDecision Pause(RunState state, RunRow row, AttemptRow attempt, Outcome outcome, RunHistory history, DateTimeOffset now)
    {
        var details = state.Details with { PausedAt = now };
        var paused = row with
        {
            Status = RunStatus.Paused,
            Reason = new(ReasonCodes.WaitsForPerson, $"No attempt is left after attempt {attempt.Number} ({outcome.Reason.Code}): {outcome.Reason.Text}"),
            WaitsFor = "a person: resume it for another round of attempts, or cancel it",
            NextDeadline = null,
            Details = details.ToJson(),
        };
        history.Add("paused", ("because", outcome.Reason.Code), ("text", outcome.Reason.Text));
        return Step(state with { Details = details }, paused, history, now, attempt, new RunEffect.Release(attempt.Node));
    }

    /// <summary>A person has a paused run go on: it queues again, with a new round of attempts and the time that it had left.</summary>
    public static RunDecision Resume(RunState state, RunCommand command, RunOptions options, DateTimeOffset now)
    {
        var row = state.Row;
        if (row.Status != RunStatus.Paused)
        {
            return RunDecision.Refuse(state, Failure.Conflict(
                "not_paused", $"The run is not paused ({row.Status}).", row.Status.IsTerminal() ? "Continue or retry it: that starts a new run." : "It goes on by itself."));
        }

        var details = Unpause(state.Details, now) with { Round = state.Ended.Since(null) };
        state = state with { Details = details };
        var queued = row with
        {
            Status = RunStatus.Queued,
            Reason = null,
            QueuedAt = now,
            WaitsFor = WaitsForSlot(row.Queue, row.Node, options),
            NextDeadline = RunDeadline(state),
            Details = details.ToJson(),
        };
        var history = new RunHistory().Add("resumed", ("caller", command.Caller), ("text", command.Text)).Add("queued");
        var step = Step(state, queued, history, now, null, OfferOf(queued));
        return Record(step, row, command, Stored(row, command, CommandKinds.Resume, now) with { HandledAt = now, Outcome = "resumed" }, now);
    }

    private static RunDetails Unpause(RunDetails details, DateTimeOffset now) => details with
    {
        PausedAt = null,
        PausedFor = details.PausedFor + (details.PausedAt is { } since && since < now ? now - since : TimeSpan.Zero),
    };
}
