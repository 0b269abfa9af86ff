namespace Orleans.Workflows.Admission;

/// <summary>What the node may start now, and how deep the queues are.</summary>
/// <param name="Grants">Runs to start.</param>
/// <param name="Waiting">Runs waiting over all queues: offerers need not stay in memory behind a long one.</param>
[GenerateSerializer, Immutable, Alias("node-orders")]
public sealed record NodeOrders([property: Id(0)] IReadOnlyList<Grant> Grants, [property: Id(1)] int Waiting)
{
    /// <summary>Some limit refuses new runs, so each has to be asked for.</summary>
    [Id(2)] public bool MayRefuse { get; init; }

    /// <summary>Some hold waits for what one run finds: tell of a model's first answer at once, not at the attempt's end.</summary>
    [Id(3)] public bool IsProbing { get; init; }

    /// <summary>Some limit is on tokens or money: tell what attempts use while they run too.</summary>
    [Id(6)] public bool CountsUsage { get; init; }
}
