using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Api.Runs;

/// <summary>A run's usage, message by message, and the run's own totals.</summary>
/// <param name="Items">One a model message, in order.</param>
/// <param name="Total">The run's totals: what the agent itself reports goes before the sum of messages.</param>
/// <param name="Incomplete">The totals are lower bounds.</param>
public sealed record UsageDocument(IReadOnlyList<UsageEntryDocument> Items, TokenUsage Total, bool Incomplete);

/// <summary>Usage of one model message.</summary>
public sealed record UsageEntryDocument(int Attempt, string MessageId, string? Model, string? ParentToolUseId, DateTimeOffset At, TokenUsage Usage)
{
    internal static UsageEntryDocument From(UsageRow row) => new(row.Attempt, row.MessageId, row.Model, row.ParentToolUseId, row.At, row.Usage);
}
