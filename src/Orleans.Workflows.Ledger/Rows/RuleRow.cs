namespace Orleans.Workflows.Ledger.Rows;

/// <summary>One change of a rule of admission; the last one of its name holds.</summary>
/// <param name="Name">The rule's, among those of its kind.</param>
/// <param name="Version">1 for its first change, one more with each.</param>
/// <param name="Rule">As JSON of the engine's; null: it was removed.</param>
public sealed record RuleRow(string Name, long Version, string? Rule, DateTimeOffset At, string Caller, string CorrelationId, string? Note);
