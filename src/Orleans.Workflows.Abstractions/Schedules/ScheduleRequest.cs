using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Schedules;

/// <summary>What a caller wants of a schedule, whole: what is left out has its default. Validated before anything is stored.</summary>
public sealed record ScheduleRequest
{
    /// <summary>When it is due.</summary>
    public required ScheduleSpec Spec { get; init; }

    /// <summary>What each due time starts. Its caller is <c>schedule:NAME</c>.</summary>
    public required StartRunRequest Run { get; init; }

    /// <summary>What happens while an earlier run has not ended. Default <see cref="OverlapPolicy.Skip"/>.</summary>
    public OverlapPolicy? Overlap { get; init; }

    /// <summary>
    /// How late a start may be, in seconds, 10 to 31,536,000: what was due while the service was away and is older is missed.
    /// Default 86,400.
    /// </summary>
    public long? CatchUpWindowSeconds { get; init; }

    /// <summary>Null leaves it as it is; a new schedule is not paused.</summary>
    public bool? Paused { get; init; }

    /// <summary>For people; at most 1,000 characters. Null leaves it as it is.</summary>
    public string? Note { get; init; }
}
