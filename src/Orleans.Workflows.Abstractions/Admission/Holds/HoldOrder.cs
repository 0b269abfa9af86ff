using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Holds;

/// <summary>A checked change of a hold.</summary>
[GenerateSerializer, Immutable, Alias("hold-order")]
public sealed record HoldOrder
{
    [Id(0)] public required LimitDimension Dimension { get; init; }

    [Id(1)] public string? Key { get; init; }

    [Id(2)] public string? Label { get; init; }

    /// <summary>Null releases it.</summary>
    [Id(3)] public HoldSpec? Spec { get; init; }

    [Id(4)] public required string Caller { get; init; }

    [Id(5)] public required string CorrelationId { get; init; }

    /// <summary>Why it is released.</summary>
    [Id(6)] public string? Note { get; init; }
}
