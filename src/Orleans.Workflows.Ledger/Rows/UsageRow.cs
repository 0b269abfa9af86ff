using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Ledger.Rows;

/// <summary>Usage of one model message, unique by run and message id. The latest entry of an id replaces an earlier one of the same attempt while that attempt is open; one of another attempt is ignored.</summary>
public sealed record UsageRow(RunId Run, int Attempt, string MessageId, string? Model, string? ParentToolUseId, DateTimeOffset At, TokenUsage Usage);
