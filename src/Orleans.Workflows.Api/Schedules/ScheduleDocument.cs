using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Api.Schedules;

/// <summary>A schedule.</summary>
public sealed record ScheduleDocument
{
    public required string Name { get; init; }

    public required ScheduleSpec Spec { get; init; }

    /// <summary>What each due time starts: the request as it was given.</summary>
    public required JsonElement Run { get; init; }

    public required OverlapPolicy Overlap { get; init; }

    public required long CatchUpWindowSeconds { get; init; }

    public required bool Paused { get; init; }

    public string? Note { get; init; }

    /// <summary>When it starts next, jitter included, at most 5; while it is paused, when it would.</summary>
    public required DateTimeOffset[] NextTimes { get; init; }

    /// <summary>Due times that wait for the end of an earlier run, oldest first.</summary>
    public required DateTimeOffset[] Buffered { get; init; }

    /// <summary>Runs that it started and that have not ended; in a list, as the schedule last saw it.</summary>
    public required RunId[] UnderWay { get; init; }

    /// <summary>The last 10 that started a run or could not, newest first.</summary>
    public required ScheduleActionDocument[] RecentActions { get; init; }

    public required long Started { get; init; }

    /// <summary>Due times that the overlap policy skipped.</summary>
    public required long Skipped { get; init; }

    /// <summary>Due times that were older than the catch-up window.</summary>
    public required long Missed { get; init; }

    /// <summary>Due times whose run was refused.</summary>
    public required long Failed { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required long Version { get; init; }

    /// <summary>Why it can't be due; null when all is well.</summary>
    public string? Problem { get; init; }

    internal static ScheduleDocument From(ScheduleInfo info) => new()
    {
        Name = info.Name,
        Spec = info.Spec,
        Run = JsonElement.Parse(info.Run),
        Overlap = info.Overlap,
        CatchUpWindowSeconds = (long)info.CatchUpWindow.TotalSeconds,
        Paused = info.Paused,
        Note = info.Note,
        NextTimes = info.NextTimes,
        Buffered = info.Buffered,
        UnderWay = info.UnderWay,
        RecentActions = [.. info.RecentActions.Select(ScheduleActionDocument.From)],
        Started = info.Started,
        Skipped = info.Skipped,
        Missed = info.Missed,
        Failed = info.Failed,
        CreatedAt = info.CreatedAt,
        UpdatedAt = info.UpdatedAt,
        Version = info.Version,
        Problem = info.Problem,
    };
}
