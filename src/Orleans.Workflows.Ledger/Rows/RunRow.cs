using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Ledger.Rows;

/// <summary>
/// A run's current state. Immutable once its status is terminal. Times are kept to the microsecond, in UTC; in text
/// U+0000 becomes <c>\u0000</c> and half a surrogate pair U+FFFD.
/// </summary>
public sealed record RunRow
{
    // Identity: written with version 1; later appends' values are ignored.
    public required RunId Id { get; init; }

    /// <summary>1 when accepted, and one more at each append.</summary>
    public required long Version { get; init; }

    /// <summary>Null for an ad-hoc run.</summary>
    public string? Workflow { get; init; }

    public required string DefinitionHash { get; init; }

    public required string Agent { get; init; }

    public required string Queue { get; init; }

    public required string Caller { get; init; }

    public required string CorrelationId { get; init; }

    public string? TraceParent { get; init; }

    /// <summary>The validated request as JSON; holds references to secrets, never secrets.</summary>
    public required string Spec { get; init; }

    /// <summary>The agent's conversation, minted by us. At most one non-terminal run a session.</summary>
    public required Guid SessionId { get; init; }

    public RunId? ContinuedFrom { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public int? MaxTurns { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>What admission counts it by, as JSON of the engine's; null: nothing but its queue.</summary>
    public string? Demand { get; init; }

    // State: changes until terminal.
    public required RunStatus Status { get; init; }

    /// <summary>Beside a terminal status: why. Beside another: what the status is about, or null.</summary>
    public Reason? Reason { get; init; }

    /// <summary>What a non-terminal run without a deadline waits for; set while it waits.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>The latest attempt's number; 0 before the first. Also the epoch that fences stale attempts.</summary>
    public int Epoch { get; init; }

    /// <summary>The attempt that has not ended, or null. Set whenever the status is Starting, Running or Canceling-with-a-process, and then an open row of that number exists.</summary>
    public int? OpenAttempt { get; init; }

    /// <summary>The node of the latest attempt; while the run waits, the one that holds its session and workspace. Null: none yet, or any will do.</summary>
    public string? Node { get; init; }

    /// <summary>The latest attempt's phase, by name; a label for people, never decided on.</summary>
    public string? Phase { get; init; }

    public string? Branch { get; init; }

    public int? Turns { get; init; }

    public int? AgentTurns { get; init; }

    public int? ToolCalls { get; init; }

    public TokenUsage Usage { get; init; } = TokenUsage.Unknown;

    /// <summary>Some attempt's numbers are missing, so the sums are lower bounds.</summary>
    public bool UsageIncomplete { get; init; }

    public int PermissionDenials { get; init; }

    /// <summary>Milliseconds waited for the model, as the agent says.</summary>
    public long? ApiMs { get; init; }

    /// <summary>When it last joined its queue; set whenever the status is Queued.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>When its first attempt's process started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? LastActivityAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When the engine must look at it again at the latest. Null only when terminal or <see cref="WaitsFor"/> is set.</summary>
    public DateTimeOffset? NextDeadline { get; init; }

    /// <summary>Until when it may be continued; set at the end.</summary>
    public DateTimeOffset? ContinueUntil { get; init; }

    /// <summary>Sequence number of the last event.</summary>
    public long LastEventSeq { get; init; }

    /// <summary>Tools by name, usage by model and the like, as JSON.</summary>
    public string? Details { get; init; }

    /// <summary>Result text, structured output, changed files, as JSON; set at the end.</summary>
    public string? Result { get; init; }
}
