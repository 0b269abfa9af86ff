namespace Orleans.Workflows.Cli.Client;

/// <summary>What a trigger came to, and the schedule after it.</summary>
internal sealed record TriggerOutcome
{
    public ScheduleActionListing Action { get; init; } = new();

    public ScheduleListing Schedule { get; init; } = new();
}
