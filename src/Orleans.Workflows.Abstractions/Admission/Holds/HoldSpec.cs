namespace Orleans.Workflows.Admission.Holds;

/// <summary>
/// Nobody with a key starts: what runs goes on, what waits keeps its place. A key has one hold at most; a person's goes before one
/// that the service put by itself.
/// </summary>
[GenerateSerializer, Immutable, Alias("hold-spec")]
public sealed record HoldSpec
{
    [Id(0)] public required Limits.LimitDimension Dimension { get; init; }

    /// <summary>Exact, at most 4,096 characters. Of <see cref="Limits.LimitDimension.Service"/> there is none.</summary>
    [Id(1)] public string? Key { get; init; }

    /// <summary>The label's name; with <see cref="Limits.LimitDimension.Label"/>, and only there.</summary>
    [Id(2)] public string? Label { get; init; }

    /// <summary>Why, 1 to 1,000 characters: whoever waits is told so.</summary>
    [Id(3)] public required string Reason { get; init; }

    /// <summary>When it ends by itself, in the future; null: only when it is released.</summary>
    [Id(4)] public DateTimeOffset? Until { get; init; }
}
