using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Runs;

/// <summary>The run that stands durably, or why there is none.</summary>
/// <param name="Existing">The run was started earlier under the same idempotency key.</param>
[GenerateSerializer, Immutable, Alias("start-run-result")]
public sealed record StartRunResult(
    [property: Id(0)] RunInfo? Run,
    [property: Id(1)] bool Existing = false,
    [property: Id(2)] Failure? Failure = null)
{
    public static StartRunResult Refused(Failure failure) => new(null, false, failure);
}
