using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission.Locks;

/// <summary>A queued run that asks for a lock.</summary>
[GenerateSerializer, Immutable, Alias("lock-waiter")]
public sealed record LockWaiter([property: Id(0)] RunId Run, [property: Id(1)] LockMode Mode, [property: Id(2)] DateTimeOffset QueuedAt);
