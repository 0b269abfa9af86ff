using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Rows;

/// <summary>Who asked for what. Append-only.</summary>
public sealed record AuditRow(RunId Run, DateTimeOffset At, string Caller, string Action, string? Details, string CorrelationId);
