using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Admission.Limits;

/// <summary>A limit as it is now, or as it was before it was removed; or why it was not changed. Neither: one that could not be read was removed.</summary>
[GenerateSerializer, Immutable, Alias("limit-result")]
public sealed record LimitResult([property: Id(0)] LimitInfo? Limit, [property: Id(1)] Failure? Failure = null)
{
    /// <summary>It was not there before.</summary>
    [Id(2)] public bool Created { get; init; }
}
