namespace Orleans.Workflows.Admission;

/// <summary>A grant that became a durable attempt.</summary>
[GenerateSerializer, Immutable, Alias("claimed-grant")]
public sealed record ClaimedGrant([property: Id(0)] Grant Grant, [property: Id(1)] int Attempt);
