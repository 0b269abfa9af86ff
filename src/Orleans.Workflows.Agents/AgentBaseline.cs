using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Agents;

/// <summary>
/// What the session's counters stood at when this process began. Agents report cumulative totals; ours are deltas.
/// After a resume it is the old total only if the earlier process ended normally, else nothing (measured on claude 2.1.330).
/// </summary>
[GenerateSerializer, Immutable, Alias("agent-baseline")]
public sealed record AgentBaseline
{
    public static AgentBaseline None { get; } = new();

    [Id(0)] public decimal CostUsd { get; init; }

    /// <summary>Milliseconds of waiting for the model.</summary>
    [Id(1)] public long ApiMs { get; init; }

    /// <summary>Cumulative usage by the model's full name, as <see cref="AgentProgress.SessionModels"/> gave it.</summary>
    [Id(2)] public IReadOnlyDictionary<string, TokenUsage> Models { get; init; } = new Dictionary<string, TokenUsage>();
}
