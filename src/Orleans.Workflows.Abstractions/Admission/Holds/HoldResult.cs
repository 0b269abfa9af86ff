using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Admission.Holds;

/// <summary>A hold as it is now, or as it was before it was released; or why it was not changed.</summary>
[GenerateSerializer, Immutable, Alias("hold-result")]
public sealed record HoldResult([property: Id(0)] HoldInfo? Hold, [property: Id(1)] Failure? Failure = null)
{
    /// <summary>It was not there before.</summary>
    [Id(2)] public bool Created { get; init; }
}
