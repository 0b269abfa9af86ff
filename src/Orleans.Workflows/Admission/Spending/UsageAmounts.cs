using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Admission.Spending;

/// <summary>What limits count of what agents report.</summary>
internal static class UsageAmounts
{
    public static readonly LimitMeasure[] Measures = [LimitMeasure.Tokens, LimitMeasure.CostUsd];

    /// <summary>Without what was read from a cache, as the limits of model services count. Null: not known; at the end, not known in full.</summary>
    public static long? TokensOf(TokenUsage usage, bool hasEnded) =>
        hasEnded ? usage.InputTokens + usage.OutputTokens + (usage.CacheCreationTokens ?? 0)
        : usage is { InputTokens: null, OutputTokens: null, CacheCreationTokens: null } ? null
        : (usage.InputTokens ?? 0) + (usage.OutputTokens ?? 0) + (usage.CacheCreationTokens ?? 0);

    public static decimal? Of(AttemptUsage usage, LimitMeasure measure) => measure is LimitMeasure.Tokens ? usage.Tokens : usage.CostUsd;

    /// <summary>An attempt without a process has used nothing, which is known.</summary>
    public static AttemptUsage Of(RunRow run, AttemptRow attempt, bool hasEnded) =>
        Of(run.Id, attempt.Number, run.Queue, run.Demand, attempt.Usage, attempt.StartedAt is not null, hasEnded);

    public static AttemptUsage Of(RunId run, int attempt, string queue, string? demand, TokenUsage usage, bool hasStarted, bool hasEnded) => new(run, attempt)
    {
        Queue = queue,
        Demand = demand,
        Tokens = TokensOf(usage, hasEnded) ?? (hasStarted ? null : 0),
        CostUsd = usage.CostUsd ?? (hasStarted ? null : 0),
        HasEnded = hasEnded,
    };
}
