namespace Orleans.Workflows.Admission;

/// <summary>A queue now.</summary>
[GenerateSerializer, Immutable, Alias("queue-info")]
public sealed record QueueInfo
{
    [Id(0)] public required string Name { get; init; }

    /// <summary>Attempts at once; null is no limit but the nodes'.</summary>
    [Id(1)] public required int? Limit { get; init; }

    [Id(2)] public required int Running { get; init; }

    [Id(3)] public required int Waiting { get; init; }

    /// <summary>When the run at its head joined; null when empty.</summary>
    [Id(4)] public DateTimeOffset? OldestQueuedAt { get; init; }
}
