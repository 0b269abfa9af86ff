namespace Orleans.Workflows.Ledger.Rows;

/// <summary>A batch: what is asked of which runs, and how far it is. <c>BatchGrain</c> alone writes it; JSON is the engine's.</summary>
public sealed record BatchRow
{
    public required Guid Id { get; init; }

    /// <summary>1 at first, one more with each write: a write at another version is refused.</summary>
    public required long Version { get; init; }

    /// <summary>The operation by name.</summary>
    public required string Operation { get; init; }

    /// <summary>Which runs, as JSON.</summary>
    public required string Filter { get; init; }

    public string? Reason { get; init; }

    public required string Caller { get; init; }

    public required string CorrelationId { get; init; }

    /// <summary>One batch a caller's key.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>By name; <c>Running</c> as long as <see cref="EndedAt"/> is null.</summary>
    public required string Status { get; init; }

    /// <summary>The last run of the page that was read last, where another follows it; null before the first page and behind the last.</summary>
    public Guid? MoreAfter { get; init; }

    /// <summary>The runs of the page that is being asked, as JSON.</summary>
    public required string Pending { get; init; }

    /// <summary>Runs that matched when its first page was read; null before.</summary>
    public long? Matched { get; init; }

    public long Done { get; init; }

    public long Skipped { get; init; }

    public long Failed { get; init; }

    /// <summary>The first runs that refused, as JSON.</summary>
    public required string Failures { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? CanceledBy { get; init; }
}
