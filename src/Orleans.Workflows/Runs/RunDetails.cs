using System.Text.Json;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Runs;

/// <summary>What nobody filters or sorts by, kept as JSON beside a run's columns.</summary>
internal sealed record RunDetails
{
    public Dictionary<string, int>? Tools { get; init; }

    public Dictionary<string, TokenUsage>? Models { get; init; }

    public string? Model { get; init; }

    public string? AgentVersion { get; init; }

    public List<string>? Warnings { get; init; }

    /// <summary>Where the latest attempt worked.</summary>
    public string? Workspace { get; init; }

    /// <summary>The session's counters as last reported; dropped when a process ends otherwise than by itself, as the agent drops them too.</summary>
    public AgentBaseline? Session { get; init; }

    /// <summary>What they stood at when the latest attempt began.</summary>
    public AgentBaseline? Baseline { get; init; }

    /// <summary>What the attempts before the latest one counted.</summary>
    public EarlierCounts? Earlier { get; init; }

    /// <summary>The agent's own conversation of the latest attempt, where it is not the run's.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The agent's own conversation stands and can be resumed.</summary>
    public bool Resumable { get; init; }

    /// <summary>The latest attempt's tool calls without a result; null for none.</summary>
    public IReadOnlyList<UnansweredTool>? Unanswered { get; init; }

    /// <summary>The latest attempt that ran and ended; null before the first did.</summary>
    public EarlierAttempt? Before { get; init; }

    /// <summary>The session that the run was to continue is on another node: its attempts have one of their own.</summary>
    public bool Away { get; init; }

    /// <summary>The fencing token that the latest attempt was started with; null when it holds no locks.</summary>
    public long? LockToken { get; init; }

    /// <summary>When it was to join its queue; null: when it was accepted.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Since when it is paused; null while it is not.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>How long it was paused so far: its time limits are that much later.</summary>
    public TimeSpan PausedFor { get; init; }

    /// <summary>Where the latest round of attempts began; null for the first.</summary>
    public AttemptRound? Round { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Default.RunDetails);

    public static RunDetails FromJson(string? json) =>
        json is null ? new() : JsonSerializer.Deserialize(json, RunJson.Default.RunDetails)!;
}
