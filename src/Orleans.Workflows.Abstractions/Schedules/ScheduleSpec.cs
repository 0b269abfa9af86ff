namespace Orleans.Workflows.Schedules;

/// <summary>When a schedule is due: either <see cref="Cron"/> or <see cref="IntervalSeconds"/>.</summary>
[GenerateSerializer, Immutable, Alias("schedule-spec")]
public sealed record ScheduleSpec
{
    /// <summary>
    /// 1 to 16 cron expressions of 5 fields, or 6 with seconds first, or <c>@hourly</c>, <c>@daily</c> and the like. A time that
    /// a change to summer time leaves out is due right after the gap; one that comes twice is due the first time only, unless
    /// the expression is due in every hour anyway.
    /// </summary>
    [Id(0)] public string[]? Cron { get; init; }

    /// <summary>The zone that cron expressions are read in: an IANA name. Default UTC.</summary>
    [Id(1)] public string? TimeZone { get; init; }

    /// <summary>Seconds between due times, 1 to 31,536,000, counted from 1970-01-01 UTC so that no restart shifts them.</summary>
    [Id(2)] public long? IntervalSeconds { get; init; }

    /// <summary>Seconds by which an interval's due times are later, from 0 to below the interval. Default 0.</summary>
    [Id(3)] public long? OffsetSeconds { get; init; }

    /// <summary>Nothing is due before. Null: no bound.</summary>
    [Id(4)] public DateTimeOffset? StartAt { get; init; }

    /// <summary>Nothing is due after. Null: no bound.</summary>
    [Id(5)] public DateTimeOffset? EndAt { get; init; }

    /// <summary>
    /// Each start is later than its due time by up to so many seconds, 0 to 86,400, and always before the next due time. By
    /// how much follows from the schedule and the due time alone, so a repeat after a crash finds the same moment. Default 0.
    /// </summary>
    [Id(6)] public long? JitterSeconds { get; init; }
}
