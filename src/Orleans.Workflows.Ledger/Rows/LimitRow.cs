namespace Orleans.Workflows.Ledger.Rows;

/// <summary>One change of a limit; the last one of its name holds.</summary>
/// <param name="Name">The limit's.</param>
/// <param name="Version">1 for its first change, one more with each.</param>
/// <param name="Rule">As JSON of the engine's; null: it was removed.</param>
public sealed record LimitRow(string Name, long Version, string? Rule, DateTimeOffset At, string Caller, string CorrelationId, string? Note);
