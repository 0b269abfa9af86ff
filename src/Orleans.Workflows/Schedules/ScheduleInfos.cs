using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Schedules;

/// <summary>A schedule as callers see it.</summary>
internal static class ScheduleInfos
{
    private const int NextTimes = 5;

    public static ScheduleInfo From(ScheduleState state, DateTimeOffset now)
    {
        var calendar = ScheduleCalendar.Create(state.Spec, state.Row.Incarnation, out var failure);
        return From(state, calendar, failure, now);
    }

    public static ScheduleInfo From(ScheduleState state, ScheduleCalendar? calendar, Failure? failure, DateTimeOffset now) => new()
    {
        Name = state.Row.Name,
        Spec = state.Spec,
        Run = state.Row.Run,
        Overlap = state.Overlap,
        CatchUpWindow = state.Row.CatchUpWindow,
        Paused = state.Row.Paused,
        Note = state.Row.Note,
        NextTimes = calendar is null ? [] : [.. Next(state, calendar, now)],
        Buffered = [.. state.Buffered.Select(start => start.DueAt)],
        UnderWay = state.UnderWay,
        RecentActions = state.Recent,
        Started = state.Row.Started,
        Skipped = state.Row.Skipped,
        Missed = state.Row.Missed,
        Failed = state.Row.Failed,
        CreatedAt = state.Row.CreatedAt,
        UpdatedAt = state.Row.UpdatedAt,
        Version = state.Row.Version,
        Problem = failure is null ? null : $"{failure.Message} {failure.Remedy}",
    };

    private static IEnumerable<DateTimeOffset> Next(ScheduleState state, ScheduleCalendar calendar, DateTimeOffset now)
    {
        // What was due just now may start only after its jitter.
        var from = now - TimeSpan.FromSeconds(state.Spec.JitterSeconds ?? 0);
        return calendar.After(from > state.Row.HandledUntil ? from : state.Row.HandledUntil).Select(due => due.StartAt).Where(start => start > now).Take(NextTimes);
    }
}
