using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Cli.Client;

/// <summary>A schedule, as far as it is shown.</summary>
internal sealed record ScheduleListing
{
    public string? Name { get; init; }

    public ScheduleSpec? Spec { get; init; }

    public JsonElement? Run { get; init; }

    public OverlapPolicy Overlap { get; init; }

    public long CatchUpWindowSeconds { get; init; }

    public bool Paused { get; init; }

    public string? Note { get; init; }

    public IReadOnlyList<DateTimeOffset> NextTimes { get; init; } = [];

    public IReadOnlyList<DateTimeOffset> Buffered { get; init; } = [];

    public IReadOnlyList<RunId> UnderWay { get; init; } = [];

    public IReadOnlyList<ScheduleActionListing> RecentActions { get; init; } = [];

    public long Started { get; init; }

    public long Skipped { get; init; }

    public long Missed { get; init; }

    public long Failed { get; init; }

    public string? Problem { get; init; }
}
