namespace Orleans.Workflows.Workspaces.Collection;

/// <summary>What one collection did, or would do.</summary>
public sealed record CollectionResult
{
    public IReadOnlyList<CollectionDecision> Removed { get; init; } = [];

    /// <summary>What should have gone and stayed.</summary>
    public IReadOnlyList<KeptItem> Kept { get; init; } = [];

    public long BytesFreed => Removed.Sum(decision => decision.Entry.Bytes);
}
