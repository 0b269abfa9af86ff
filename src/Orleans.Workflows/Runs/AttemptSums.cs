using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Runs;

/// <summary>Numbers summed over attempts. Unknown in all is null; unknown in some marks the sum incomplete.</summary>
internal sealed record AttemptSums(int Count, int? Turns, int? AgentTurns, int? ToolCalls, TokenUsage Usage, bool Incomplete)
{
    public static AttemptSums None { get; } = new(0, null, null, null, TokenUsage.Unknown, false);

    public AttemptSums Add(AttemptRow attempt) => Add(attempt.Turns, attempt.AgentTurns, attempt.ToolCalls, attempt.Usage, attempt.StartedAt is not null);

    /// <param name="spoke">The attempt's process ran, so that missing numbers are a gap and not nothing.</param>
    public AttemptSums Add(int? turns, int? agentTurns, int? toolCalls, TokenUsage usage, bool spoke) => new(
        Count + 1,
        Sum(Turns, turns),
        Sum(AgentTurns, agentTurns),
        Sum(ToolCalls, toolCalls),
        Usage.Add(usage),
        Incomplete || (spoke && (usage.InputTokens is null || usage.OutputTokens is null || usage.CostUsd is null)));

    private static int? Sum(int? a, int? b) => a is null ? b : a + (b ?? 0);
}
