namespace Orleans.Workflows.Admission.Limits;

/// <summary>One change of a limit. No spec: it was removed.</summary>
public sealed record LimitChange(long Version, LimitSpec? Spec, DateTimeOffset At, string Caller, string CorrelationId, string? Note);
