using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Ledger.Rows;

/// <summary>Usage of one model message, unique by run, attempt and message id: while the attempt is open, the latest entry of an id replaces an earlier one.</summary>
public sealed record UsageRow(RunId Run, int Attempt, string MessageId, string? Model, string? ParentToolUseId, DateTimeOffset At, TokenUsage Usage);
