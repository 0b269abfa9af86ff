using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Ledger.Reading;

/// <summary>What one attempt has used.</summary>
/// <param name="StartedAt">Null: it had no process, as far as is known.</param>
/// <param name="EndedAt">Null: it has not ended, and this is what is recorded so far.</param>
public sealed record AttemptUsageRow(RunId Run, int Number, string Queue, string? Demand, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, TokenUsage Usage);
