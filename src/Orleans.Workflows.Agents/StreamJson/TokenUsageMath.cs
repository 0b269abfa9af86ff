using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Agents.StreamJson;

internal static class TokenUsageMath
{
    /// <summary>Known minus known or nothing; unknown stays unknown.</summary>
    public static TokenUsage Minus(this TokenUsage total, TokenUsage part) => new()
    {
        InputTokens = total.InputTokens - (part.InputTokens ?? 0),
        OutputTokens = total.OutputTokens - (part.OutputTokens ?? 0),
        CacheReadTokens = total.CacheReadTokens - (part.CacheReadTokens ?? 0),
        CacheCreationTokens = total.CacheCreationTokens - (part.CacheCreationTokens ?? 0),
        CostUsd = total.CostUsd - (part.CostUsd ?? 0),
    };

    /// <summary>Some counter of <paramref name="total"/> is behind <paramref name="other"/>'s.</summary>
    public static bool IsBehind(this TokenUsage total, TokenUsage other) =>
        total.InputTokens < other.InputTokens || total.OutputTokens < other.OutputTokens
        || total.CacheReadTokens < other.CacheReadTokens || total.CacheCreationTokens < other.CacheCreationTokens
        || total.CostUsd < other.CostUsd;

    /// <summary>Adding <paramref name="delta"/> to <paramref name="recorded"/> changes a number or makes an unknown one known.</summary>
    public static bool Tells(this TokenUsage delta, TokenUsage recorded) =>
        Tells(delta.InputTokens, recorded.InputTokens) || Tells(delta.OutputTokens, recorded.OutputTokens)
        || Tells(delta.CacheReadTokens, recorded.CacheReadTokens) || Tells(delta.CacheCreationTokens, recorded.CacheCreationTokens)
        || (delta.CostUsd is { } cost && (cost != 0 || recorded.CostUsd is null));

    private static bool Tells(long? delta, long? recorded) => delta is { } known && (known != 0 || recorded is null);
}
