using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Api.Runs;

/// <summary>Who asked for what.</summary>
public sealed record AuditDocument(DateTimeOffset At, string Caller, string Action, string? Details, string CorrelationId)
{
    internal static AuditDocument From(AuditRow row) => new(row.At, row.Caller, row.Action, row.Details, row.CorrelationId);
}
