using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>Why a queued run does not run yet: everything that holds it back now, not only the first.</summary>
[GenerateSerializer, Immutable, Alias("wait-info")]
public sealed record WaitInfo
{
    [Id(0)] public required RunId Run { get; init; }

    [Id(1)] public required string Queue { get; init; }

    [Id(2)] public required DateTimeOffset QueuedAt { get; init; }

    /// <summary>As it was asked for, 1 to 5.</summary>
    [Id(3)] public required int Priority { get; init; }

    /// <summary>The priority that it has risen to by waiting.</summary>
    [Id(4)] public required int Level { get; init; }

    [Id(5)] public string? FairnessKey { get; init; }

    /// <summary>1 for the next in its queue, by level and time.</summary>
    [Id(6)] public required int Position { get; init; }

    /// <summary>Runs that wait in all queues.</summary>
    [Id(7)] public required int Waiting { get; init; }

    /// <summary>Slots of the nodes that are in touch, and how many of them are taken.</summary>
    [Id(8)] public required int Slots { get; init; }

    [Id(9)] public required int Running { get; init; }

    [Id(10)] public required IReadOnlyList<WaitCause> Causes { get; init; }
}
