namespace Orleans.Workflows.Batches;

/// <summary>A validated <see cref="BatchRequest"/>: what <see cref="IBatchGrain.StartAsync"/> makes durable.</summary>
[GenerateSerializer, Immutable, Alias("batch-order")]
public sealed record BatchOrder
{
    [Id(0)] public required BatchOperation Operation { get; init; }

    /// <summary>The <c>RunFilter</c> as JSON.</summary>
    [Id(1)] public required string Filter { get; init; }

    [Id(2)] public string? Reason { get; init; }

    [Id(3)] public required string Caller { get; init; }

    [Id(4)] public required string CorrelationId { get; init; }

    [Id(5)] public string? IdempotencyKey { get; init; }
}
