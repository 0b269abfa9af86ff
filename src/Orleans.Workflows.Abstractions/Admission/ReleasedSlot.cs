using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>The slot of an attempt that has durably ended. A later attempt's slot is another one.</summary>
[GenerateSerializer, Immutable, Alias("released-slot")]
public sealed record ReleasedSlot([property: Id(0)] RunId Run, [property: Id(1)] int Attempt);
