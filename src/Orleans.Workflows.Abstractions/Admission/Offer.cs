using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>A durable queued run that wants a slot. Offering twice is a no-op.</summary>
[GenerateSerializer, Immutable, Alias("offer")]
public sealed record Offer([property: Id(0)] RunId Run, [property: Id(1)] string Queue, [property: Id(2)] DateTimeOffset QueuedAt)
{
    /// <summary>When the run is to be woken if it still waits then: its queue time limit, or its own. Null: never.</summary>
    [Id(3)] public DateTimeOffset? DueAt { get; init; }

    /// <summary>The node that holds its session and workspace: while that one lives, no other starts it. Null: any node.</summary>
    [Id(4)] public string? Node { get; init; }

    /// <summary>What it asks of admission beside a slot, as stored with the run. Null: nothing, at the usual priority.</summary>
    [Id(5)] public string? Demand { get; init; }
}
