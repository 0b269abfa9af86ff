using Orleans.Workflows.Admission.Spending;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Runs;

/// <summary>What follows the end of an attempt.</summary>
internal static partial class RunDecisions
{
    /// <summary>Ends the attempt, and with it the run unless another attempt is due.</summary>
    public static RunDecision Ended(RunState state, AttemptEnd end, RunOptions options, DateTimeOffset now)
    {
        if (state.Attempt is not { } open || open.Number != end.Attempt)
        {
            return RunDecision.Nothing(state);
        }

        var output = end.Last is { } last && !IsTaken(open, last) ? last : null;
        if (output is not null && !Continues(state, output))
        {
            // Ending now would lose what lies between: the pump goes on from here and tells the end again.
            return RunDecision.Nothing(state);
        }

        end = WithPause(state.Row, WithLimit(state.Row, end));
        var history = new RunHistory();
        if (Begin(ref state, end.Start, history) is not null)
        {
            // What a start sets off is for a process that lives.
            open = state.Attempt!;
        }

        var row = state.Row;
        if (output is not null)
        {
            (state, open, row) = Fold(state, output, now);
            history.AddRaw(output.Events, output.EventCount);
        }

        var attempt = open with { EndedAt = now, Leaked = false, ExitCode = end.ExitCode, Signal = end.Signal, Reason = end.Outcome.Reason, Details = end.Details ?? open.Details, PeakMemoryBytes = end.PeakMemoryBytes, CpuMs = end.CpuMs };
        var sums = state.Ended.Add(attempt);
        var endedByItself = end.Signal is null && end.ExitCode < 128;
        var details = end.NeverStarted
            ? state.Details
            : state.Details with { Resumable = end.Outcome.Resumable, Session = endedByItself ? state.Details.Session : null, Before = TellOf(state.Details, attempt) };
        history.Add("attempt_ended", ("reason", end.Outcome.Reason.Code), ("text", end.Outcome.Reason.Text), ("exitCode", end.ExitCode?.ToString()), ("signal", end.Signal?.ToString()));
        state = state with { Ended = sums, Details = details };
        row = row with
        {
            OpenAttempt = null,
            Phase = null,
            StartedAt = row.StartedAt ?? (end.NeverStarted ? null : attempt.ClaimedAt),
            Details = details.ToJson(),
            UsageIncomplete = row.UsageIncomplete || sums.Incomplete || end.OutputIncomplete,
            PermissionDenials = Math.Max(row.PermissionDenials, (details.Earlier?.PermissionDenials ?? 0) + end.Outcome.PermissionDenials),
        };

        var step = WhatFollows(state, row, attempt, end, options, now) switch
        {
            { NextAt: not null } when IsPausing(row) => StandStill(state, row with { Node = WantedNode(state, row, end.Outcome) }, row.Reason!.Text, history, now, attempt, new RunEffect.Release(attempt.Node)),
            { NextAt: { } due } => WaitForNext(state, row with { Node = WantedNode(state, row, end.Outcome) }, attempt, end.Outcome, history, due, options, now),
            { Pauses: true } => WaitForPerson(state, row, attempt, end.Outcome, history, now),
            _ => Finish(state, row, attempt, end, history, options, now),
        };
        step = step with { Effects = [.. Findings(attempt, end.Outcome), new RunEffect.Spend(UsageAmounts.Of(row, attempt, hasEnded: true)), .. step.Effects] };
        return output is null ? step : step with { Append = WithOutput(step.Append!, output, now) };
    }

    /// <summary>What others may learn from how it ended. Where something else cut it off, the model's earlier answers show nothing of the end.</summary>
    private static IEnumerable<RunEffect> Findings(AttemptRow attempt, Outcome outcome) =>
        outcome.Failed is not null ? [new RunEffect.Find(new(attempt.Run, attempt.Number) { Failed = outcome.Failed, Until = outcome.RetryAt, Text = outcome.Reason.Text })]
        : attempt.Turns > 0 && SaysItself(outcome.Reason.Code) ? [new RunEffect.Find(new(attempt.Run, attempt.Number))]
        : [];

    /// <summary>The agent's own last word, so that its model had answered until then.</summary>
    private static bool SaysItself(string reason) =>
        reason is ReasonCodes.Success or ReasonCodes.MaxTurns or ReasonCodes.Budget or ReasonCodes.Refused or ReasonCodes.OutputLimit or ReasonCodes.StructuredOutput;

    /// <summary>An attempt that did nothing leaves in doubt what the one before it had left.</summary>
    private static EarlierAttempt? TellOf(RunDetails details, AttemptRow attempt) => attempt.StartedAt is null ? details.Before : new()
    {
        Number = attempt.Number,
        Reason = attempt.Reason!.Code,
        Text = attempt.Reason.Text,
        Unanswered = details.Unanswered ?? (attempt.Turns is null or 0 ? details.Before?.Unanswered : null),
    };

    /// <summary>A run's end: everything that is immutable from now on.</summary>
    private static RunDecision Finish(RunState state, RunRow row, AttemptRow attempt, AttemptEnd end, RunHistory history, RunOptions options, DateTimeOffset now)
    {
        var (status, reason) = Verdict(state.Row, end.Outcome);
        var result = end.Result with
        {
            Text = Cut(end.Outcome.ResultText, options.ResultTextLimit),
            StructuredOutput = end.Outcome.StructuredOutput,
            ExitCode = end.ExitCode,
            Signal = end.Signal,
        };
        row = Terminal(row, status, reason, options, now) with
        {
            Result = System.Text.Json.JsonSerializer.Serialize(result, RunJson.Default.RunResult),
        };
        history.Add("ended", ("status", status.ToString()), ("reason", reason.Code), ("text", reason.Text));
        var step = Step(state with { Inbox = [] }, row, history, now, attempt, new RunEffect.Release(attempt.Node));
        return step with { Append = step.Append! with { Commands = Settle(state, status, now) } };
    }

    private static RunDecision WaitForNext(RunState state, RunRow row, AttemptRow attempt, Outcome outcome, RunHistory history, DateTimeOffset due, RunOptions options, DateTimeOffset now)
    {
        if (due <= now)
        {
            var queued = row with { Status = RunStatus.Queued, Reason = null, QueuedAt = now, WaitsFor = WaitsForSlot(row.Queue, row.Node, options), NextDeadline = RunDeadline(row, state) };
            history.Add("queued", ("because", outcome.Reason.Code));
            return Step(state, queued, history, now, attempt, new RunEffect.Release(attempt.Node), OfferOf(queued));
        }

        var details = state.Details;
        if (AttemptSums.IsRateLimited(attempt))
        {
            // It would go on if it were let: its time limits stand still.
            details = details with { PausedAt = now };
            row = row with { Details = details.ToJson() };
        }

        var text = $"attempt {attempt.Number + 1}, due {due:yyyy-MM-ddTHH:mm:ssZ}, after: {outcome.Reason.Text}";
        var waiting = row with { Status = RunStatus.Waiting, Reason = new(ReasonCodes.WaitsForRetry, text), WaitsFor = text, NextDeadline = due };
        history.Add("retry_scheduled", ("due", due.ToString("O")), ("because", outcome.Reason.Code));
        return Step(state with { Details = details }, waiting, history, now, attempt, new RunEffect.Release(attempt.Node));
    }

    /// <summary>The node that the next attempt needs: none where nothing of use was left on it, or it is gone.</summary>
    private static string? WantedNode(RunState state, RunRow row, Outcome outcome)
    {
        var isLost = outcome.Reason.Code == ReasonCodes.NodeLost && !outcome.Resumable;
        var isBound = state.Row.ContinuedFrom is not null && !state.Details.Away;
        var leftNothing = row.StartedAt is null || (state.Spec.Retry.Mode == RetryMode.Restart && outcome.Reason.Code != ReasonCodes.Paused);
        return isLost || (leftNothing && !isBound) ? null : row.Node;
    }

    /// <summary>When the next attempt is due; without one the run pauses for a person, or is over.</summary>
    private static (DateTimeOffset? NextAt, bool Pauses) WhatFollows(RunState state, RunRow row, AttemptRow attempt, AttemptEnd end, RunOptions options, DateTimeOffset now)
    {
        // A canceled run never starts another attempt.
        if (row.Status == RunStatus.Canceling || end.Outcome.Status == RunStatus.Completed)
        {
            return default;
        }

        if (AttemptSums.IsPaused(attempt))
        {
            return (now, false);
        }

        // What is no fault of the work is no try of the policy's, but must not loop for ever.
        var (retry, round, deadline) = (state.Spec.Retry, state.Ended.Since(state.Details.Round), RunDeadline(row, state));
        if (AttemptSums.IsRateLimited(attempt) && !(deadline <= now))
        {
            return retry.OnRateLimit == RateLimitAnswer.Fail || round.RateLimited > options.MaxRateLimits ? (null, retry.OnExhausted == RetryExhaustion.Pause)
                : (end.Outcome.RetryAt > now ? end.Outcome.RetryAt : now + (options.RateLimitPause * round.RateLimited), false);
        }

        var recovers = AttemptSums.IsRecovered(attempt);
        if (deadline <= now || !(recovers ? end.Outcome.Retryable : retry.Covers(end.Outcome.Reason.Code, end.ExitCode, end.Outcome.Retryable)))
        {
            return default;
        }

        var isLeft = recovers ? round.Recoveries <= options.MaxRecoveries && round.Stuck <= options.MaxStuckRecoveries : round.Tries < retry.MaximumAttempts;
        var due = now + (recovers ? options.RecoveryPause * (round.Recoveries - 1) : retry.DelayAfter(round.Tries, row.Id, attempt.Number));
        due = end.Outcome.RetryAt > due ? end.Outcome.RetryAt.Value : due;

        // Nothing waits for an attempt that would come too late.
        return isLeft && !(deadline <= due) ? (due, false) : (null, retry.OnExhausted == RetryExhaustion.Pause);
    }

    /// <summary>The run's status from the attempt's outcome and from what was asked of the run. Finished work wins over a request to stop.</summary>
    private static (RunStatus Status, Reason Reason) Verdict(RunRow row, Outcome outcome)
    {
        if (row.Status != RunStatus.Canceling || outcome.Status == RunStatus.Completed)
        {
            return (outcome.Status, outcome.Reason);
        }

        var status = row.Reason?.Code switch
        {
            ReasonCodes.Terminated => RunStatus.Terminated,
            ReasonCodes.RunTimeout => RunStatus.TimedOut,
            _ => RunStatus.Canceled,
        };
        return (status, row.Reason ?? outcome.Reason);
    }
}
