using System.Text.Json.Serialization;

namespace Orleans.Workflows.Admission.Limits;

/// <summary>
/// How much of something runs with a key may have. Of the limits of one dimension, label and measure the most specific one holds
/// for a run, and a run has to fit all dimensions.
/// </summary>
[GenerateSerializer, Immutable, Alias("limit-spec")]
public sealed record LimitSpec
{
    [Id(0)] public required LimitDimension Dimension { get; init; }

    [Id(1)] public required LimitMeasure Measure { get; init; }

    /// <summary>
    /// At most so many, 0 to 1,000,000, of tokens to 1,000,000,000,000; whole, but for <see cref="LimitMeasure.CostUsd"/>. 0 lets
    /// nobody start. Null lifts what a less specific limit says.
    /// </summary>
    [Id(2), JsonIgnore(Condition = JsonIgnoreCondition.Never)] public required decimal? Value { get; init; }

    /// <summary>A key; a beginning with a star behind (<c>acme/*</c>); or a star alone, the default, for every key. At most 4,096 characters.</summary>
    [Id(3)] public string? Key { get; init; }

    /// <summary>The label's name; with <see cref="LimitDimension.Label"/>, and only there.</summary>
    [Id(4)] public string? Label { get; init; }

    /// <summary>With <see cref="LimitMeasure.Starts"/>, <see cref="LimitMeasure.Tokens"/> and <see cref="LimitMeasure.CostUsd"/>, and only there: seconds, 1 to 86,400.</summary>
    [Id(5)] public double? PeriodSeconds { get; init; }

    /// <summary>All keys that match count together. Default: each key may have the whole value.</summary>
    [Id(6)] public bool Shared { get; init; }

    /// <summary>A new run that would have to wait for it is refused (429). Default: it waits. With <see cref="LimitMeasure.Waiting"/> it always is.</summary>
    [Id(7)] public bool Reject { get; init; }
}
