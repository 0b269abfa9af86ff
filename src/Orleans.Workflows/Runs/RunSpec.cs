using System.Runtime.CompilerServices;
using System.Text.Json;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Workflows;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Runs;

/// <summary>
/// A run's resolved request, stored with it: everything that does not stand in its pinned definition. Holds references to
/// secrets at most, never a secret.
/// </summary>
internal sealed record RunSpec
{
    private static readonly ConditionalWeakTable<string, RunSpec> Parsed = [];

    /// <summary>The first message, rendered.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>What the agent is to know of the run that this one continues; null for nothing.</summary>
    public string? Preface { get; init; }

    public string? SystemPrompt { get; init; }

    public string? Model { get; init; }

    public int? MaxTurns { get; init; }

    public decimal? BudgetUsd { get; init; }

    /// <summary>From the first start to the forced end.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long one attempt may run from its start. Null: only the run's own limit holds.</summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>What the processes of one attempt may use together, bytes. Null: as the node's settings say.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>How long an attempt may be silent, by what it does. Null: as the node's settings say.</summary>
    public PhaseTimes? Phases { get; init; }

    /// <summary>How long it may wait for its first start, from when it joins its queue. Null: no limit.</summary>
    public TimeSpan? QueueTimeout { get; init; }

    public Dictionary<string, string>? Environment { get; init; }

    /// <summary>The workspace to make; its attempt number is filled in at launch.</summary>
    public WorkspaceRequest? Workspace { get; init; }

    /// <summary>Null: the definition's.</summary>
    public List<string>? Command { get; init; }

    public Dictionary<string, string>? Options { get; init; }

    public RetryPolicy Retry { get; init; } = new() { MaximumAttempts = 1 };

    /// <summary>The run that this one continues.</summary>
    public RunId? ContinuedFrom { get; init; }

    /// <summary>The run that opened the session; null for the run's own.</summary>
    public RunId? SessionRun { get; init; }

    /// <summary>Continues the session of <see cref="ContinuedFrom"/> rather than opening a new one.</summary>
    public bool Resume { get; init; }

    /// <summary>The agent's own conversation, where it is not the run's.</summary>
    public Guid? Session { get; init; }

    /// <summary>What the session's counters stood at; null when not known or not to be carried.</summary>
    public AgentBaseline? Baseline { get; init; }

    public string ToJson()
    {
        var json = JsonSerializer.Serialize(this, RunJson.Default.RunSpec);
        Parsed.Add(json, this);
        return json;
    }

    /// <summary>The very string that was read or written before is not read again: a run's spec passes through many hands in a silo.</summary>
    public static RunSpec FromJson(string json) =>
        Parsed.GetValue(json, static text => JsonSerializer.Deserialize(text, RunJson.Default.RunSpec)!);
}
