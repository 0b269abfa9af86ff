namespace Orleans.Workflows.Runs;

/// <summary>Who asks, and what ties the request to the caller's own world.</summary>
/// <param name="IdempotencyKey">The same key from the same caller within 24 h gives the same run.</param>
/// <param name="KeepKey">How long the key is kept; null: as long as callers' keys are.</param>
public sealed record StartContext(string Caller, string CorrelationId, string? TraceParent = null, string? IdempotencyKey = null, TimeSpan? KeepKey = null);
