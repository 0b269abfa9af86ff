namespace Orleans.Workflows.Schedules;

/// <summary>A validated <see cref="ScheduleRequest"/>: what <see cref="IScheduleGrain.PutAsync"/> makes durable.</summary>
[GenerateSerializer, Immutable, Alias("schedule-order")]
public sealed record ScheduleOrder
{
    [Id(0)] public required ScheduleSpec Spec { get; init; }

    /// <summary>The <c>StartRunRequest</c> as JSON.</summary>
    [Id(1)] public required string Run { get; init; }

    [Id(2)] public required OverlapPolicy Overlap { get; init; }

    [Id(3)] public required TimeSpan CatchUpWindow { get; init; }

    [Id(4)] public bool? Paused { get; init; }

    [Id(5)] public string? Note { get; init; }

    /// <summary>Refused where there is one of the name.</summary>
    [Id(6)] public bool OnlyNew { get; init; }
}
