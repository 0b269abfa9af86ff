using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>A durable queued run that wants a slot. Offering twice is a no-op.</summary>
[GenerateSerializer, Immutable, Alias("offer")]
public sealed record Offer([property: Id(0)] RunId Run, [property: Id(1)] string Queue, [property: Id(2)] DateTimeOffset QueuedAt);
