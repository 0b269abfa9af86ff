using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Schedules;

/// <summary>One due time that was dealt with, or one trigger.</summary>
[GenerateSerializer, Immutable, Alias("schedule-action")]
public sealed record ScheduleAction
{
    /// <summary>The due time, without jitter; of a trigger the moment when it was asked for.</summary>
    [Id(0)] public required DateTimeOffset DueAt { get; init; }

    /// <summary>When it was dealt with.</summary>
    [Id(1)] public required DateTimeOffset At { get; init; }

    [Id(2)] public required ScheduleOutcome Outcome { get; init; }

    /// <summary>The run that it started.</summary>
    [Id(3)] public RunId? Run { get; init; }

    /// <summary>Why it started none.</summary>
    [Id(4)] public Failure? Failure { get; init; }

    /// <summary>Somebody asked for it: the request's id. Null: it was due.</summary>
    [Id(5)] public Guid? Trigger { get; init; }
}
