using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Client;

/// <summary>One page of runs.</summary>
internal sealed record RunPage
{
    public IReadOnlyList<RunInfo> Items { get; init; } = [];

    /// <summary>For the next page; null on the last.</summary>
    public string? NextCursor { get; init; }

    /// <summary>All that match, when it was asked for.</summary>
    public long? Total { get; init; }
}
