namespace Orleans.Workflows.Usage;

/// <summary>Tokens by kind and cost, as the agent reported them. Unknown is null, never zero.</summary>
[GenerateSerializer, Immutable, Alias("token-usage")]
public sealed record TokenUsage
{
    [Id(0)] public long? InputTokens { get; init; }

    [Id(1)] public long? OutputTokens { get; init; }

    [Id(2)] public long? CacheReadTokens { get; init; }

    [Id(3)] public long? CacheCreationTokens { get; init; }

    /// <summary>US dollars, the agent's own estimate.</summary>
    [Id(4)] public decimal? CostUsd { get; init; }

    public static TokenUsage Unknown { get; } = new();

    /// <summary>Adds known to known; unknown on both sides stays unknown. A caller that must know of gaps checks both sides itself.</summary>
    public TokenUsage Add(TokenUsage other) => new()
    {
        InputTokens = Sum(InputTokens, other.InputTokens),
        OutputTokens = Sum(OutputTokens, other.OutputTokens),
        CacheReadTokens = Sum(CacheReadTokens, other.CacheReadTokens),
        CacheCreationTokens = Sum(CacheCreationTokens, other.CacheCreationTokens),
        CostUsd = CostUsd is null ? other.CostUsd : CostUsd + (other.CostUsd ?? 0),
    };

    private static long? Sum(long? a, long? b) => a is null ? b : a + (b ?? 0);
}
