using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Runs;

/// <summary>A run as a caller sees it. Numbers are a fold of its recorded output; unknown is null.</summary>
[GenerateSerializer, Immutable, Alias("run-info")]
public sealed record RunInfo
{
    [Id(0)] public required RunId Id { get; init; }

    [Id(1)] public string? Workflow { get; init; }

    [Id(2)] public required string Agent { get; init; }

    [Id(3)] public required RunStatus Status { get; init; }

    [Id(4)] public Reason? Reason { get; init; }

    /// <summary>What it waits for, in words; null when it does not wait.</summary>
    [Id(5)] public string? WaitsFor { get; init; }

    /// <summary>When the engine acts on it at the latest; null when terminal or waiting without a limit.</summary>
    [Id(6)] public DateTimeOffset? Deadline { get; init; }

    [Id(7)] public required string Queue { get; init; }

    [Id(8)] public required string Caller { get; init; }

    [Id(9)] public required string CorrelationId { get; init; }

    [Id(10)] public required Guid SessionId { get; init; }

    [Id(11)] public string? Branch { get; init; }

    [Id(12)] public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>What the agent does now: <c>model</c>, <c>tool</c>, <c>retrying</c>…</summary>
    [Id(13)] public string? Phase { get; init; }

    /// <summary>Attempts so far.</summary>
    [Id(14)] public int Attempts { get; init; }

    /// <summary>Of the latest attempt; while the run waits, the node that it needs because its session and workspace are there. Null: none yet, or any will do.</summary>
    [Id(15)] public string? Node { get; init; }

    [Id(16)] public int? Turns { get; init; }

    [Id(17)] public int? MaxTurns { get; init; }

    /// <summary>The agent's own count of turns.</summary>
    [Id(18)] public int? AgentTurns { get; init; }

    [Id(19)] public int? ToolCalls { get; init; }

    [Id(20)] public IReadOnlyDictionary<string, int> Tools { get; init; } = new Dictionary<string, int>();

    [Id(21)] public TokenUsage Usage { get; init; } = TokenUsage.Unknown;

    [Id(22)] public IReadOnlyDictionary<string, TokenUsage> Models { get; init; } = new Dictionary<string, TokenUsage>();

    /// <summary>Some numbers could not be had, so the sums are lower bounds.</summary>
    [Id(23)] public bool UsageIncomplete { get; init; }

    [Id(24)] public int PermissionDenials { get; init; }

    [Id(25)] public required DateTimeOffset CreatedAt { get; init; }

    [Id(26)] public DateTimeOffset? StartedAt { get; init; }

    [Id(27)] public DateTimeOffset? EndedAt { get; init; }

    [Id(28)] public DateTimeOffset? LastActivityAt { get; init; }

    /// <summary>Milliseconds from the first start to the end (or now); from acceptance when it never started. Never null once terminal.</summary>
    [Id(29)] public long? WallMs { get; init; }

    /// <summary>Milliseconds the agent waited for the model, as it says; 0 once terminal when it never said.</summary>
    [Id(30)] public long? ApiMs { get; init; }

    [Id(31)] public RunResult? Result { get; init; }

    [Id(32)] public RunId? ContinuedFrom { get; init; }

    [Id(33)] public DateTimeOffset? ContinueUntil { get; init; }

    [Id(34)] public long LastEventSeq { get; init; }

    [Id(35)] public long Version { get; init; }

    [Id(36)] public string? Model { get; init; }

    [Id(37)] public string? AgentVersion { get; init; }

    /// <summary>Messages accepted and not yet handed to the agent.</summary>
    [Id(38)] public int PendingMessages { get; init; }

    [Id(39)] public required string DefinitionHash { get; init; }

    /// <summary>Things a person should know of: a version outside the tested range, a resume that could not be.</summary>
    [Id(40)] public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>1, the first, to 5, as it was asked for.</summary>
    [Id(41)] public int Priority { get; init; }

    [Id(42)] public string? Tenant { get; init; }

    [Id(43)] public string? FairnessKey { get; init; }

    /// <summary>The locks that it takes with its first start and keeps to its end, by name.</summary>
    [Id(44)] public IReadOnlyList<LockRequest> Locks { get; init; } = [];

    /// <summary>Not before this instant, as it was asked for; null: at once.</summary>
    [Id(45)] public DateTimeOffset? StartAt { get; init; }

    /// <summary>Labels that a node must have to run it.</summary>
    [Id(46)] public IReadOnlyList<string> Needs { get; init; } = [];
}
