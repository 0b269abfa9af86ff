namespace Orleans.Workflows.Batches;

/// <summary>A batch as it is durable now. Its counts are written after each page of at most 100 runs.</summary>
[GenerateSerializer, Immutable, Alias("batch-info")]
public sealed record BatchInfo
{
    /// <summary>A UUIDv7, so that ids sort by the time of acceptance.</summary>
    [Id(0)] public required Guid Id { get; init; }

    [Id(1)] public required BatchOperation Operation { get; init; }

    /// <summary>The <c>RunFilter</c> as JSON.</summary>
    [Id(2)] public required string Filter { get; init; }

    [Id(3)] public string? Reason { get; init; }

    [Id(4)] public required string Caller { get; init; }

    [Id(5)] public required string CorrelationId { get; init; }

    [Id(6)] public required BatchStatus Status { get; init; }

    /// <summary>Runs that matched when it began; null before. Once it is completed, as many as it came to: some may have left the filter meanwhile.</summary>
    [Id(7)] public long? Matched { get; init; }

    /// <summary>Runs in whose record its command stands, or that it started again.</summary>
    [Id(8)] public required long Done { get; init; }

    /// <summary>Runs that were already where the operation leads.</summary>
    [Id(9)] public required long Skipped { get; init; }

    /// <summary>Runs that refused.</summary>
    [Id(10)] public required long Failed { get; init; }

    /// <summary>The first 1,000 that refused, in the order of acceptance; the rest is only counted.</summary>
    [Id(11)] public BatchFailure[] Failures { get; init; } = [];

    [Id(12)] public required DateTimeOffset CreatedAt { get; init; }

    [Id(13)] public required DateTimeOffset UpdatedAt { get; init; }

    [Id(14)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Who stopped it.</summary>
    [Id(15)] public string? CanceledBy { get; init; }

    [Id(16)] public required long Version { get; init; }
}
