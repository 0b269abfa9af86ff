using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Runs;

internal static partial class RunDecisions
{
    /// <summary>Looks at the run's deadline. Called by timer, scan and reminder alike; nothing is due twice.</summary>
    public static RunDecision Wake(RunState state, RunOptions options, DateTimeOffset now)
    {
        var row = state.Row;
        var due = row.NextDeadline <= now;
        return row.Status switch
        {
            RunStatus.Queued when due && row.StartedAt is null => Expire(state, options, now),
            RunStatus.Queued when due => TimeOut(state, options, now),
            RunStatus.Queued => RunDecision.Nothing(state, OfferOf(row)),
            RunStatus.Scheduled or RunStatus.Waiting when due => Requeue(state, options, now),
            RunStatus.Starting when due && row.StartedAt is not null && RunDeadline(state) <= now => TimeOut(state, options, now),
            RunStatus.Starting when due => Postpone(state, now + options.StartTimeout, now, new RunEffect.CheckAttempt(state.Attempt!.Node, state.Attempt.Number)),
            RunStatus.Running when due => WakeRunning(state, options, now),
            RunStatus.Canceling when due => Force(state, now + options.KillGrace, now),

            // Not due: but whoever woke it may be the only one left, and its node may have forgotten it.
            _ when state.Attempt is { } open => RunDecision.Nothing(state, new RunEffect.CheckAttempt(open.Node, open.Number)),
            _ => RunDecision.Nothing(state),
        };
    }

    private static RunDecision Expire(RunState state, RunOptions options, DateTimeOffset now)
    {
        var reason = new Reason(ReasonCodes.QueueTimeout, $"It waited for {WaitsForSlot(state.Row.Queue, state.Row.Node, options)} longer than its queue time limit.");
        var history = new RunHistory().Add("ended", ("status", nameof(RunStatus.Expired)), ("reason", reason.Code), ("text", reason.Text));
        var step = Step(state with { Inbox = [] }, Terminal(state.Row, RunStatus.Expired, reason, options, now), history, now, null, new RunEffect.Withdraw());
        return step with { Append = step.Append! with { Commands = Settle(state, RunStatus.Expired, now) } };
    }

    private static RunDecision TimeOut(RunState state, RunOptions options, DateTimeOffset now)
    {
        var reason = new Reason(ReasonCodes.RunTimeout, $"It ran longer than its time limit of {state.Spec.Timeout}.");
        var history = new RunHistory().Add("timeout", ("text", reason.Text));
        if (state.Attempt is { } open)
        {
            var canceling = state.Row with { Status = RunStatus.Canceling, Reason = reason, WaitsFor = ProcessesOf(state), NextDeadline = now + options.CancelGrace };
            return Step(state, canceling, history, now, null, StopFor(canceling, open));
        }

        history.Add("ended", ("status", nameof(RunStatus.TimedOut)), ("reason", reason.Code), ("text", reason.Text));
        var step = Step(state with { Inbox = [] }, Terminal(state.Row, RunStatus.TimedOut, reason, options, now), history, now, null, new RunEffect.Withdraw());
        return step with { Append = step.Append! with { Commands = Settle(state, RunStatus.TimedOut, now) } };
    }

    private static RunDecision Requeue(RunState state, RunOptions options, DateTimeOffset now)
    {
        state = state with { Details = Unpause(state.Details, now) };
        return Requeued(state, state.Row with { Reason = null, Details = state.Details.ToJson() }, new RunHistory(), options, now);
    }

    private static RunDecision Requeued(RunState state, RunRow row, RunHistory history, RunOptions options, DateTimeOffset now)
    {
        var queued = row with
        {
            Status = RunStatus.Queued,
            QueuedAt = now,
            WaitsFor = WaitsForSlot(row.Queue, row.Node, options),
            NextDeadline = RunDeadline(row, state),
        };
        return Step(state, queued, history.Add("queued"), now, null, OfferOf(queued));
    }

    private static RunDecision Postpone(RunState state, DateTimeOffset? until, DateTimeOffset now, RunEffect effect) =>
        Step(state, state.Row with { NextDeadline = until }, new RunHistory(), now, null, effect);

    /// <summary>The grace is over: the tree is killed, and again each time the order seems lost.</summary>
    private static RunDecision Force(RunState state, DateTimeOffset? again, DateTimeOffset now)
    {
        var open = state.Attempt!;
        var command = new Guid(open.Number, (short)state.Row.Version, 1, state.Row.Id.Value.ToByteArray()[..8]);
        var step = Postpone(state, again, now, new RunEffect.StopAttempt(open.Node, open.Number, command, Now: true));
        return step with { Effects = [.. step.Effects, new RunEffect.CheckAttempt(open.Node, open.Number)] };
    }
}
