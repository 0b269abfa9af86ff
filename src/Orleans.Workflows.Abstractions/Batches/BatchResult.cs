using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Batches;

/// <summary>The batch after a command was made durable, or why it was refused. Neither: the idempotency key stands for another batch.</summary>
/// <param name="Existing">The batch was asked for earlier under the same idempotency key.</param>
[GenerateSerializer, Immutable, Alias("batch-result")]
public sealed record BatchResult(
    [property: Id(0)] BatchInfo? Batch,
    [property: Id(1)] Failure? Failure = null,
    [property: Id(2)] bool Existing = false)
{
    public static BatchResult Refused(Failure failure) => new(null, failure);
}
