using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Schedules;

/// <summary>What to do about a schedule: pure functions of its durable state, what the ledger says of its runs, and the time.</summary>
internal static class ScheduleDecisions
{
    public const int MostBuffered = 1_000;
    public const int MostUnderWay = 100;
    public const int MostRecent = 10;

    /// <summary>Due times dealt with in one decision, so that a long downtime does not hold up everything else.</summary>
    public const int MostAtOnce = 10_000;

    /// <summary>Takes in what the ledger says of the runs that were under way, in their order. One that the ledger no longer has ended long ago.</summary>
    public static ScheduleState Observe(ScheduleState state, IReadOnlyList<RunRow?> runs)
    {
        var ended = runs.Max(run => run?.EndedAt);
        var underWay = state.UnderWay.Where((_, index) => runs[index] is { EndedAt: null }).ToArray();
        return underWay.Length == state.UnderWay.Length
            ? state
            : state with { UnderWay = underWay, Row = state.Row with { FreeSince = ended > state.Row.FreeSince || state.Row.FreeSince is null ? ended : state.Row.FreeSince } };
    }

    /// <summary>True when there is something to decide, so that the ledger must be asked.</summary>
    public static bool IsDue(ScheduleState state, ScheduleCalendar? calendar, DateTimeOffset now) =>
        state.Buffered.Length > 0 || (!state.Row.Paused && calendar?.Next(state.Row.HandledUntil) is { } next && next.StartAt <= now);

    /// <summary>Deals with what is due up to the first run that is to be started.</summary>
    public static ScheduleDecision Decide(ScheduleState state, ScheduleCalendar? calendar, DateTimeOffset now)
    {
        while (IsFree(state) && FirstBuffered(state) is { } first)
        {
            // It could begin only when the runs before it had ended: from then on it may be late. Whoever is later might find
            // that the key of a start which a crash cut off is no longer kept, and start it again.
            var from = state.Row.FreeSince > first.StartAt ? state.Row.FreeSince.Value : first.StartAt;
            state = state with { Buffered = [.. state.Buffered.Where(waiting => waiting != first)] };
            if (now - from <= state.Row.CatchUpWindow)
            {
                return new() { Next = state, Start = first, IsMore = true };
            }

            state = Missed(state);
        }

        if (state.Row.Paused || calendar is null)
        {
            return new() { Next = state };
        }

        var left = MostAtOnce;
        foreach (var due in calendar.After(state.Row.HandledUntil).TakeWhile(due => due.StartAt <= now))
        {
            if (left-- == 0)
            {
                return new() { Next = state, IsMore = true };
            }

            state = state with { Row = state.Row with { HandledUntil = due.DueAt } };
            if (now - due.StartAt > state.Row.CatchUpWindow)
            {
                state = Missed(state);
                continue;
            }

            var start = new DueStart(due.DueAt, due.StartAt);
            if (Place(ref state, start) == ScheduleOutcome.Started)
            {
                return new() { Next = state, Start = start, IsMore = true };
            }
        }

        return new() { Next = state };
    }

    /// <summary>Deals with a trigger, which is due now.</summary>
    public static (ScheduleDecision Decision, ScheduleOutcome Outcome) Trigger(ScheduleState state, Guid id, DateTimeOffset now)
    {
        var start = new DueStart(now, now, id);
        var outcome = Place(ref state, start);
        return (new() { Next = state, Start = outcome == ScheduleOutcome.Started ? start : null }, outcome);
    }

    /// <summary>After a start: the run stands durably, or was refused for good.</summary>
    public static ScheduleState Acted(ScheduleState state, DueStart start, RunId? run, Failure? failure, DateTimeOffset now)
    {
        var action = new ScheduleAction
        {
            DueAt = start.DueAt,
            At = now,
            Outcome = run is null ? ScheduleOutcome.Failed : ScheduleOutcome.Started,
            Run = run,
            Failure = failure,
            Trigger = start.Trigger,
        };
        var row = run is null ? state.Row with { Failed = state.Row.Failed + 1 } : state.Row with { Started = state.Row.Started + 1 };
        return state with
        {
            Row = row,
            UnderWay = run is { } started ? [.. state.UnderWay.Where(known => known != started).TakeLast(MostUnderWay - 1), started] : state.UnderWay,
            Recent = [action, .. state.Recent.Take(MostRecent - 1)],
        };
    }

    /// <summary>When the schedule must be looked at again, apart from the end of a run; null: never by itself.</summary>
    public static DateTimeOffset? NextLook(ScheduleState state, ScheduleCalendar? calendar) =>
        state.Row.Paused ? null : calendar?.Next(state.Row.HandledUntil)?.StartAt;

    /// <summary>While it is paused only what somebody asked for.</summary>
    private static DueStart? FirstBuffered(ScheduleState state) =>
        state.Row.Paused ? Array.Find(state.Buffered, waiting => waiting.Trigger is not null) : state.Buffered.FirstOrDefault();

    private static bool IsFree(ScheduleState state) => state.UnderWay.Length == 0 || state.Overlap == OverlapPolicy.AllowAll;

    /// <summary>Whether it starts, waits or is dropped.</summary>
    private static ScheduleOutcome Place(ref ScheduleState state, DueStart start)
    {
        if (IsFree(state) && state.Buffered.Length == 0)
        {
            return ScheduleOutcome.Started;
        }

        switch (state.Overlap)
        {
            case OverlapPolicy.BufferOne when state.Buffered.Length == 0:
            case OverlapPolicy.BufferAll when state.Buffered.Length < MostBuffered:
                state = state with { Buffered = [.. state.Buffered, start] };
                return ScheduleOutcome.Buffered;
            case OverlapPolicy.CancelOther or OverlapPolicy.TerminateOther:
                state = Skipped(state, state.Buffered.Length) with { Buffered = [start] };
                return ScheduleOutcome.Buffered;
            case OverlapPolicy.AllowAll:
                // What waits is from another policy or from a pause; it has no claim on the order.
                return ScheduleOutcome.Started;
            default:
                state = Skipped(state, 1);
                return ScheduleOutcome.Skipped;
        }
    }

    private static ScheduleState Skipped(ScheduleState state, int count) => state with { Row = state.Row with { Skipped = state.Row.Skipped + count } };

    private static ScheduleState Missed(ScheduleState state) => state with { Row = state.Row with { Missed = state.Row.Missed + 1 } };
}
