using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Runs;

/// <summary>One attempt's own time limit: it ends the attempt, and what follows is the retry policy's to say.</summary>
internal static partial class RunDecisions
{
    /// <summary>The open attempt was told to end.</summary>
    public static bool IsEnding(RunRow row) => row.Status == RunStatus.Canceling || IsPastAttemptLimit(row) || IsInterruptedToPause(row);

    private static bool IsPastAttemptLimit(RunRow row) => row is { Status: RunStatus.Running, Reason.Code: ReasonCodes.AttemptTimeout };

    /// <summary>When a running attempt is looked at the next time: at its own limit or at the run's.</summary>
    private static DateTimeOffset? RunningDeadline(RunRow row, RunState state, DateTimeOffset attemptStartedAt) =>
        Sooner(RunDeadline(row, state), attemptStartedAt + state.Spec.AttemptTimeout);

    private static RunDecision WakeRunning(RunState state, RunOptions options, DateTimeOffset now)
    {
        var open = state.Attempt!;
        if (RunDeadline(state) <= now)
        {
            return TimeOut(state, options, now);
        }

        if (IsPastAttemptLimit(state.Row) || IsInterruptedToPause(state.Row))
        {
            return Force(state, Sooner(RunDeadline(state), now + options.KillGrace), now);
        }

        if (state.Row.Reason?.Code == ReasonCodes.PauseRequested)
        {
            return InterruptToPause(state, open, options, now);
        }

        var next = RunningDeadline(state.Row, state, open.StartedAt ?? open.ClaimedAt);
        return next <= now
            ? TimeOutAttempt(state, open, options, now)
            : Postpone(state, next, now, new RunEffect.CheckAttempt(open.Node, open.Number));
    }

    private static RunDecision TimeOutAttempt(RunState state, AttemptRow open, RunOptions options, DateTimeOffset now)
    {
        var reason = new Reason(ReasonCodes.AttemptTimeout, $"Attempt {open.Number} ran longer than its time limit of {state.Spec.AttemptTimeout}.");
        var row = state.Row with { Reason = reason, WaitsFor = ProcessesOf(state), NextDeadline = Sooner(RunDeadline(state), now + options.CancelGrace) };
        return Step(state, row, new RunHistory().Add("attempt_timeout", ("text", reason.Text)), now, null, StopFor(row, open));
    }

    /// <summary>Why an attempt that was ended for its limit ended: its limit, unless it finished or failed by itself.</summary>
    private static AttemptEnd WithLimit(RunRow row, AttemptEnd end)
    {
        return IsPastAttemptLimit(row) && end.Outcome.Status != RunStatus.Completed && IsForced(end.Outcome)
            ? end with { Outcome = end.Outcome with { Reason = row.Reason!, Retryable = true } }
            : end;
    }

    /// <summary>How an attempt may end that was told to.</summary>
    private static bool IsForced(Outcome outcome) =>
        outcome.Reason.Code is ReasonCodes.Interrupted or ReasonCodes.NoResult or ReasonCodes.Signaled or ReasonCodes.ExitCode
            or ReasonCodes.AgentError or ReasonCodes.SupervisorLost or ReasonCodes.Stuck;

    private static DateTimeOffset? Sooner(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;
}
