using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Reading;

/// <summary>A filter with the order and the page of what it leaves.</summary>
public sealed record RunQuery : RunFilter
{
    public RunQuery()
    {
    }

    public RunQuery(RunFilter filter)
        : base(filter)
    {
    }

    /// <summary>Only runs accepted after this one: a place that outlives every cursor.</summary>
    public RunId? After { get; init; }

    public RunSort Sort { get; init; } = RunSort.Created;
    public bool Descending { get; init; } = true;

    /// <summary>What an earlier page's <see cref="RunPage.Next"/> said, with the same filters and sort.</summary>
    public string? Cursor { get; init; }

    /// <summary>1 to 500.</summary>
    public int Limit { get; init; } = 50;

    public bool WithTotal { get; init; } = true;
}
