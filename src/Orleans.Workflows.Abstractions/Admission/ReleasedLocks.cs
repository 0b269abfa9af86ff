using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>A run durably holds no locks any more: it ended, or an operator took them from it. Those of a later attempt are others.</summary>
[GenerateSerializer, Immutable, Alias("released-locks")]
public sealed record ReleasedLocks([property: Id(0)] RunId Run, [property: Id(1)] int Attempt);
