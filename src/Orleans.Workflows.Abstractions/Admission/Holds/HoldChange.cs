namespace Orleans.Workflows.Admission.Holds;

/// <summary>One change of a hold. No spec: it was released.</summary>
public sealed record HoldChange(long Version, HoldSpec? Spec, HoldSource? Source, DateTimeOffset At, string Caller, string CorrelationId, string? Note);
