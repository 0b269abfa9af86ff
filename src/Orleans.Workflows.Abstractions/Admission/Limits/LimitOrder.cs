namespace Orleans.Workflows.Admission.Limits;

/// <summary>A checked change of a limit.</summary>
[GenerateSerializer, Immutable, Alias("limit-order")]
public sealed record LimitOrder
{
    [Id(0)] public required string Name { get; init; }

    /// <summary>Null removes it.</summary>
    [Id(1)] public LimitSpec? Spec { get; init; }

    [Id(2)] public required string Caller { get; init; }

    [Id(3)] public required string CorrelationId { get; init; }

    /// <summary>Why.</summary>
    [Id(4)] public string? Note { get; init; }
}
