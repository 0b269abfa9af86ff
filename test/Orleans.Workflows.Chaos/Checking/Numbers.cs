namespace Orleans.Workflows.Chaos.Checking;

/// <summary>What an attempt or a run counts; null is unknown.</summary>
internal sealed record Numbers(int? Turns, int? AgentTurns, int? ToolCalls, long? Input, long? Output, long? CacheRead, long? CacheCreation, decimal? CostUsd)
{
    public static Numbers Unknown { get; } = new(null, null, null, null, null, null, null, null);

    /// <summary>Some of what is paid for is not known.</summary>
    public bool HasGap => Input is null || Output is null || CostUsd is null;

    /// <summary>The sum of what is known; null only where neither is.</summary>
    public Numbers Add(Numbers other) => new(
        (int?)Sum(Turns, other.Turns),
        (int?)Sum(AgentTurns, other.AgentTurns),
        (int?)Sum(ToolCalls, other.ToolCalls),
        (long?)Sum(Input, other.Input),
        (long?)Sum(Output, other.Output),
        (long?)Sum(CacheRead, other.CacheRead),
        (long?)Sum(CacheCreation, other.CacheCreation),
        Sum(CostUsd, other.CostUsd));

    private static decimal? Sum(decimal? a, decimal? b) => a is null ? b : a + (b ?? 0);
}
