using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Api.Runs;

/// <summary>How a run ended, what it left behind and what it took.</summary>
public sealed record RunResultDocument(
    RunId Id, RunStatus Status, Reason? Reason, RunResult? Result, int? Turns, int? ToolCalls, TokenUsage Usage, bool UsageIncomplete, long? WallMs, long? ApiMs, DateTimeOffset? EndedAt);
