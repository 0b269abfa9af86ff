using Orleans.Workflows.Runs;
using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Cli.Client;

/// <summary>What a due time or a trigger came to.</summary>
internal sealed record ScheduleActionListing
{
    public DateTimeOffset DueAt { get; init; }

    public DateTimeOffset At { get; init; }

    public ScheduleOutcome Outcome { get; init; }

    public bool Triggered { get; init; }

    public RunId? Run { get; init; }

    public string? Problem { get; init; }
}
