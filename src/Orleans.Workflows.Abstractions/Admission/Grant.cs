using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>The right to run one attempt of one run on one node, under one admission epoch. Void unless claimed within seconds.</summary>
[GenerateSerializer, Immutable, Alias("grant")]
public sealed record Grant([property: Id(0)] RunId Run, [property: Id(1)] string Queue, [property: Id(2)] long Epoch)
{
    /// <summary>More than a service gives before its next start.</summary>
    private const long GrantsOfAnEpoch = 10_000_000_000;

    /// <summary>A fencing token: larger than that of every grant before it, whoever got that.</summary>
    public long Token => (Epoch * GrantsOfAnEpoch) + Number;

    /// <summary>Tells the grants of an epoch apart: a run whose grant was given back may get another under the same epoch.</summary>
    [Id(3)] public long Number { get; init; }

    /// <summary>When the run joined its queue: given back, it takes its old place.</summary>
    [Id(4)] public DateTimeOffset QueuedAt { get; init; }

    /// <inheritdoc cref="Offer.DueAt"/>
    [Id(5)] public DateTimeOffset? DueAt { get; init; }

    /// <inheritdoc cref="Offer.Node"/>
    [Id(6)] public string? Node { get; init; }

    /// <inheritdoc cref="Offer.Demand"/>
    [Id(7)] public string? Demand { get; init; }
}
