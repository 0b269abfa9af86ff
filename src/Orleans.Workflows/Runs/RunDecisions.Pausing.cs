using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Runs;

/// <summary>Runs that a person has stand still. An agent is not cut off amid its tool calls: whoever did half of one would have to find out which half.</summary>
internal static partial class RunDecisions
{
    /// <summary>A run without a process stands still at once; an agent first brings the tool calls to an end that it has begun.</summary>
    /// <param name="state">The run.</param>
    /// <param name="command">Who asks, and why.</param>
    /// <param name="agentResumes">The agent can be interrupted and go on later in the same session.</param>
    /// <param name="options">Its graces.</param>
    /// <param name="now">The time.</param>
    public static RunDecision Pause(RunState state, RunCommand command, bool agentResumes, RunOptions options, DateTimeOffset now)
    {
        var row = state.Row;
        if (row.Status == RunStatus.Paused || IsPausing(row) || state.Inbox.Any(known => known.Id == command.Id))
        {
            return RunDecision.Nothing(state);
        }

        if (row.Status.IsTerminal())
        {
            return RunDecision.Refuse(state, Failure.Conflict("run_ended", $"The run has already ended ({row.Status}).", "Nothing needs to be paused."));
        }

        if (row.Status == RunStatus.Canceling || state.Attempt is { Leaked: true })
        {
            return RunDecision.Refuse(state, Failure.Conflict("run_ending", "The run is ending, or its processes can't be ended.", "Wait for its end, and continue it later."));
        }

        var (stored, text) = (Stored(row, command, CommandKinds.Pause, now), Sentence("Paused", command));
        if (state.Attempt is not { } open)
        {
            var history = new RunHistory().Add("pause_requested", ("caller", command.Caller), ("text", command.Text));
            return Record(StandStill(state, row, text, history, now, null, new RunEffect.Withdraw()), row, command, stored with { HandledAt = now, Outcome = "paused" }, now);
        }

        if (!agentResumes)
        {
            return RunDecision.Refuse(state, Failure.Conflict(
                "no_pause", $"Agent '{row.Agent}' is at work and can't be paused: it has no session to go on in.", "Wait for its end, or cancel the run and start it again later. While it waits for a slot it can be paused."));
        }

        return Record(RequestPause(state with { Inbox = state.Inbox.Add(stored) }, open, text, command, options, now), row, command, stored, now);
    }

    /// <summary>A person has a paused run go on with the time that it had left: it queues again, or waits for its start if that is still to come.</summary>
    public static RunDecision Resume(RunState state, RunCommand command, RunOptions options, DateTimeOffset now)
    {
        var row = state.Row;
        if (row.Status != RunStatus.Paused)
        {
            return RunDecision.Refuse(state, Failure.Conflict(
                "not_paused",
                $"The run is not paused ({row.Status}).",
                row.Status.IsTerminal() ? "Continue or retry it: that starts a new run." : IsPausing(row) ? "It is being paused: resume it once it is." : "It goes on by itself."));
        }

        var isExhausted = row.Reason?.Code == ReasonCodes.WaitsForPerson;
        var details = Unpause(state.Details, now) with { Round = isExhausted ? state.Ended.Since(null) : state.Details.Round };
        state = state with { Details = details };
        var history = new RunHistory().Add("resumed", ("caller", command.Caller), ("text", command.Text));
        var next = row with { Reason = null, Details = details.ToJson() };
        var step = details.StartAt > now
            ? Step(state, next with { Status = RunStatus.Scheduled, WaitsFor = WaitsForStart(details.StartAt.Value), NextDeadline = details.StartAt }, history.Add("scheduled"), now)
            : Requeued(state, next, history, options, now);
        return Record(step, row, command, Stored(row, command, CommandKinds.Resume, now) with { HandledAt = now, Outcome = "resumed" }, now);
    }

    /// <summary>After output: a run that is to be paused is interrupted once every tool call has its result, unless the agent has given its own and ends by itself.</summary>
    public static RunDecision Turned(RunState state, AgentPhase phase, RunOptions options, DateTimeOffset now) =>
        state is { Row: { Status: RunStatus.Running, Reason.Code: ReasonCodes.PauseRequested }, Attempt: { } open, Details.Unanswered: null } && phase != AgentPhase.Result
            ? InterruptToPause(state, open, options, now)
            : RunDecision.Nothing(state);

    /// <summary>A person wants it to stand still, and its attempt has not ended.</summary>
    public static bool IsPausing(RunRow row) => row is { Status: RunStatus.Starting or RunStatus.Running, Reason.Code: ReasonCodes.PauseRequested or ReasonCodes.Paused };

    /// <summary>And the attempt was told to end.</summary>
    private static bool IsInterruptedToPause(RunRow row) => row is { Status: RunStatus.Starting or RunStatus.Running, Reason.Code: ReasonCodes.Paused };

    private static bool IsAfterPause(RunDetails details) => details.Before?.Reason == ReasonCodes.Paused;

    private static RunDecision RequestPause(RunState state, AttemptRow open, string text, RunCommand command, RunOptions options, DateTimeOffset now)
    {
        var row = state.Row with { Reason = new(ReasonCodes.PauseRequested, text) };
        var history = new RunHistory().Add("pause_requested", ("caller", command.Caller), ("text", command.Text));

        // What has given its result ends by itself.
        if (row.Status == RunStatus.Starting || (state.Details.Unanswered is null && !state.InputClosed))
        {
            row = InterruptedToPause(row, state, options, now);
            return Step(state, row, history.Add("interrupted", ("because", ReasonCodes.Paused)), now, null, StopFor(row, open));
        }

        return Step(state, row with { NextDeadline = Sooner(row.NextDeadline, now + options.PauseGrace) }, history, now);
    }

    /// <summary>Its tool calls took too long.</summary>
    private static RunDecision InterruptToPause(RunState state, AttemptRow open, RunOptions options, DateTimeOffset now)
    {
        var row = InterruptedToPause(state.Row, state, options, now);
        return Step(state, row, new RunHistory().Add("interrupted", ("because", ReasonCodes.Paused)), now, null, StopFor(row, open));
    }

    private static RunRow InterruptedToPause(RunRow row, RunState state, RunOptions options, DateTimeOffset now) => row with
    {
        Reason = new(ReasonCodes.Paused, row.Reason!.Text),
        NextDeadline = row.Status == RunStatus.Starting ? row.NextDeadline : Sooner(RunDeadline(row, state), now + options.CancelGrace),
    };

    /// <summary>Why an attempt that was ended to pause its run ended: that, unless it finished or failed by itself.</summary>
    private static AttemptEnd WithPause(RunRow row, AttemptEnd end) =>
        IsInterruptedToPause(row) && end.Outcome.Status != RunStatus.Completed && IsForced(end.Outcome)
            ? end with { Outcome = end.Outcome with { Reason = row.Reason!, Retryable = true, RetryAt = null, Failed = null } }
            : end;

    /// <summary>No attempt is left and the policy says to pause: a person gives it another round of attempts, or ends it.</summary>
    private static RunDecision WaitForPerson(RunState state, RunRow row, AttemptRow attempt, Outcome outcome, RunHistory history, DateTimeOffset now)
    {
        var reason = new Reason(ReasonCodes.WaitsForPerson, $"No attempt is left after attempt {attempt.Number} ({outcome.Reason.Code}): {outcome.Reason.Text}");
        history.Add("paused", ("because", outcome.Reason.Code), ("text", outcome.Reason.Text));
        return Paused(state, row, reason, "a person: resume it for another round of attempts, or cancel it", history, now, attempt, new RunEffect.Release(attempt.Node));
    }

    /// <summary>It stands still as a person asked, and others may have its locks meanwhile.</summary>
    private static RunDecision StandStill(RunState state, RunRow row, string text, RunHistory history, DateTimeOffset now, AttemptRow? attempt, params RunEffect[] effects)
    {
        var holdsLocks = state.Details.LockToken is not null;
        history.Add("paused", ("because", ReasonCodes.Paused), ("text", text));
        state = state with { Details = state.Details with { LockToken = null } };
        var step = Paused(state, row, new(ReasonCodes.Paused, text), "a person: resume it, or cancel it", history, now, attempt, holdsLocks ? [.. effects, new RunEffect.Unlock()] : effects);
        return step with { Append = step.Append! with { ReleasesLocks = holdsLocks } };
    }

    private static RunDecision Paused(RunState state, RunRow row, Reason reason, string waitsFor, RunHistory history, DateTimeOffset now, AttemptRow? attempt, params RunEffect[] effects)
    {
        // Its queue time limit counts from its start; and while a rate limit held it back its limits stood still already.
        var since = row.Status == RunStatus.Scheduled ? row.NextDeadline : state.Details.PausedAt ?? now;
        var details = state.Details with { PausedAt = since };
        var asked = state.Inbox.Where(command => command.Kind == CommandKinds.Pause).ToArray();
        var paused = row with { Status = RunStatus.Paused, Reason = reason, WaitsFor = waitsFor, NextDeadline = null, Details = details.ToJson() };
        var step = Step(state with { Details = details, Inbox = state.Inbox.RemoveRange(asked) }, paused, history, now, attempt, effects);
        return step with { Append = step.Append! with { Commands = [.. asked.Select(command => command with { HandledAt = now, Outcome = "paused" })] } };
    }

    private static RunDetails Unpause(RunDetails details, DateTimeOffset now) => details with
    {
        PausedAt = null,
        PausedFor = details.PausedFor + (details.PausedAt is { } since && since < now ? now - since : TimeSpan.Zero),
    };
}
