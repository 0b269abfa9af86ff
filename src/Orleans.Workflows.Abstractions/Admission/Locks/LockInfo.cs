namespace Orleans.Workflows.Admission.Locks;

/// <summary>A lock that somebody holds or waits for.</summary>
[GenerateSerializer, Immutable, Alias("lock-info")]
public sealed record LockInfo
{
    [Id(0)] public required string Name { get; init; }

    /// <summary>As the ledger shows them, the first that took it first.</summary>
    [Id(1)] public required IReadOnlyList<LockHolder> Holders { get; init; }

    /// <summary>Queued runs that ask for it, whatever else they wait for.</summary>
    [Id(2)] public required int Waiting { get; init; }

    /// <summary>Those that have waited longest, at most 20.</summary>
    [Id(3)] public required IReadOnlyList<LockWaiter> Waiters { get; init; }
}
