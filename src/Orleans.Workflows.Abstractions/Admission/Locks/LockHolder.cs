using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission.Locks;

/// <summary>A run that holds a lock, from its first start to its end.</summary>
/// <param name="Run">The run.</param>
/// <param name="Mode">How.</param>
/// <param name="Attempt">Its last attempt that was started under the lock.</param>
/// <param name="Token">The fencing token of that attempt, as in its environment: larger than that of every earlier attempt under any lock.</param>
/// <param name="AcquiredAt">Since when.</param>
[GenerateSerializer, Immutable, Alias("lock-holder")]
public sealed record LockHolder([property: Id(0)] RunId Run, [property: Id(1)] LockMode Mode, [property: Id(2)] int Attempt, [property: Id(3)] long Token, [property: Id(4)] DateTimeOffset AcquiredAt);
