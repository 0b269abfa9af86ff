using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Schedules;

/// <summary>A schedule as it is durable now.</summary>
[GenerateSerializer, Immutable, Alias("schedule-info")]
public sealed record ScheduleInfo
{
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required ScheduleSpec Spec { get; init; }

    /// <summary>The <c>StartRunRequest</c> as JSON.</summary>
    [Id(2)] public required string Run { get; init; }

    [Id(3)] public required OverlapPolicy Overlap { get; init; }

    [Id(4)] public required TimeSpan CatchUpWindow { get; init; }

    [Id(5)] public required bool Paused { get; init; }

    [Id(6)] public string? Note { get; init; }

    /// <summary>When it starts next, jitter included, at most 5; while it is paused, when it would.</summary>
    [Id(7)] public DateTimeOffset[] NextTimes { get; init; } = [];

    /// <summary>Due times that wait for the end of an earlier run, oldest first.</summary>
    [Id(8)] public DateTimeOffset[] Buffered { get; init; } = [];

    /// <summary>Runs that it started and that had not ended when it last looked.</summary>
    [Id(9)] public RunId[] UnderWay { get; init; } = [];

    /// <summary>The last 10 due times and triggers that started a run or could not, newest first.</summary>
    [Id(10)] public ScheduleAction[] RecentActions { get; init; } = [];

    /// <summary>Runs started.</summary>
    [Id(11)] public long Started { get; init; }

    /// <summary>Due times that the overlap policy skipped.</summary>
    [Id(12)] public long Skipped { get; init; }

    /// <summary>Due times that could not be dealt with inside the catch-up window.</summary>
    [Id(13)] public long Missed { get; init; }

    /// <summary>Due times whose run was refused.</summary>
    [Id(14)] public long Failed { get; init; }

    [Id(15)] public required DateTimeOffset CreatedAt { get; init; }

    [Id(16)] public required DateTimeOffset UpdatedAt { get; init; }

    [Id(17)] public required long Version { get; init; }

    /// <summary>Why it can't be due, such as a time zone that this machine does not know (any more); null when all is well.</summary>
    [Id(18)] public string? Problem { get; init; }
}
