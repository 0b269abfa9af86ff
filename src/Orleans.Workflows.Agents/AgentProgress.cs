using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Agents;

/// <summary>An attempt's numbers and phase: a fold of its recorded output. Unknown is null.</summary>
[GenerateSerializer, Immutable, Alias("agent-progress")]
public sealed record AgentProgress
{
    [Id(0)] public AgentPhase Phase { get; init; }

    [Id(1)] public string? SessionId { get; init; }

    [Id(2)] public string? Model { get; init; }

    [Id(3)] public string? AgentVersion { get; init; }

    /// <summary>Distinct top-level messages of a real model; null for agents that do not report turns.</summary>
    [Id(4)] public int? Turns { get; init; }

    /// <summary>The agent's own count, which may differ.</summary>
    [Id(5)] public int? AgentTurns { get; init; }

    [Id(6)] public int? ToolCalls { get; init; }

    /// <summary>Calls by tool name.</summary>
    [Id(7)] public IReadOnlyDictionary<string, int> Tools { get; init; } = new Dictionary<string, int>();

    /// <summary>Tool calls without a result yet: id and name.</summary>
    [Id(8)] public IReadOnlyDictionary<string, string> OpenTools { get; init; } = new Dictionary<string, string>();

    [Id(9)] public TokenUsage Usage { get; init; } = TokenUsage.Unknown;

    /// <summary>Usage by model, of this process alone.</summary>
    [Id(10)] public IReadOnlyDictionary<string, TokenUsage> Models { get; init; } = new Dictionary<string, TokenUsage>();

    /// <summary>Cumulative counters of the session as the agent reports them, for the next process's baseline; null before a result.</summary>
    [Id(11)] public IReadOnlyDictionary<string, TokenUsage>? SessionModels { get; init; }

    [Id(12)] public decimal? SessionCostUsd { get; init; }

    /// <summary>Milliseconds this process says it waited for the model; null before a result.</summary>
    [Id(13)] public long? ApiMs { get; init; }

    [Id(14)] public int PermissionDenials { get; init; }

    /// <summary>Background tasks that keep the process busy after its result.</summary>
    [Id(15)] public int BackgroundTasks { get; init; }

    /// <summary>Results seen so far: an agent with an open stdin reports one each turn.</summary>
    [Id(16)] public int Results { get; init; }

    /// <summary>Lines that were not JSON, or too long.</summary>
    [Id(17)] public int BrokenLines { get; init; }

    /// <summary>The agent reported why it would retry: the last one's kind (<see cref="Runs.ReasonCodes"/>), or null.</summary>
    [Id(18)] public string? RetryingOn { get; init; }

    /// <summary>Cumulative <see cref="ApiMs"/> of the session, for the next process's baseline; null before a result.</summary>
    [Id(19)] public long? SessionApiMs { get; init; }

    /// <summary>Tool calls without a result: the open ones, and those that a turn which ended in an error left open.</summary>
    [Id(20)] public IReadOnlyList<UnansweredTool> Unanswered { get; init; } = [];
}
