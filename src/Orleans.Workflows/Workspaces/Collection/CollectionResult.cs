namespace Orleans.Workflows.Workspaces.Collection;

/// <summary>What one collection did, or would do.</summary>
public sealed record CollectionResult
{
    public IReadOnlyList<CollectionDecision> Removed { get; init; } = [];

    /// <summary>What should have gone and stayed.</summary>
    public IReadOnlyList<KeptItem> Kept { get; init; } = [];

    /// <summary>What is due, but of runs that the ledger does not know, and too young for that.</summary>
    public IReadOnlyList<CollectionEntry> Unknown { get; init; } = [];

    public long BytesFreed => Removed.Sum(decision => decision.Entry.Bytes);
}
