namespace Orleans.Workflows.Cli.Client;

/// <summary>One page of batches.</summary>
internal sealed record BatchPage
{
    public IReadOnlyList<BatchListing> Items { get; init; } = [];

    /// <summary>For the next page; null on the last.</summary>
    public string? NextCursor { get; init; }
}
