using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Batches;

/// <summary>What a caller wants done to all runs that match. Validated before anything is stored.</summary>
public sealed record BatchRequest
{
    /// <summary>What is asked of each run.</summary>
    public required BatchOperation Operation { get; init; }

    /// <summary>Which runs; at least one condition. Runs that are accepted after the batch are never among them.</summary>
    public RunFilter? Filter { get; init; }

    /// <summary>Why; kept with the batch, and with each run but for a retry. At most 1,000 characters.</summary>
    public string? Reason { get; init; }
}
