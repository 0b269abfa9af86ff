using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Credentials;

namespace Orleans.Workflows.Workflows;

/// <summary>
/// What a workflow is, whole: all that its folder said, so that any node can run it from the ledger. Immutable; runs pin it
/// by <see cref="Hash"/>. Properties are only ever added, with a default, so that a stored one loads for ever.
/// </summary>
public sealed record WorkflowDefinition
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);
    public const string DefaultQueue = "default";

    /// <summary>Lower-case letters, digits, dot, dash, underscore; at most 63.</summary>
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>The adapter's name: <c>claude</c>, <c>command</c>, <c>scripted</c>.</summary>
    public required string Agent { get; init; }

    /// <summary>Null: the agent's own default.</summary>
    public string? Model { get; init; }

    /// <summary>Null: no limit.</summary>
    public int? MaxTurns { get; init; }

    /// <summary>How long all attempts of a run may take together, from its first start.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>How long one attempt may run from its start; then it is ended with the reason <c>attempt_timeout</c>, and <see cref="Retry"/> says what follows. Null: no limit but <see cref="Timeout"/>.</summary>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>
    /// What the processes of one attempt may use together, bytes; beyond it the attempt is ended with the reason <c>memory</c>,
    /// and <see cref="Retry"/> says what follows. Null: as the node's settings say.
    /// </summary>
    public long? MemoryLimit { get; init; }

    /// <summary>How long an attempt may be silent, by what it does; null: as the node's settings, or else the agent, say.</summary>
    public PhaseTimes? Phases { get; init; }

    /// <summary>How long a run may wait for its first slot; null: as long as it takes.</summary>
    public TimeSpan? QueueTimeout { get; init; }

    /// <summary>US dollars; null: no limit.</summary>
    public decimal? BudgetUsd { get; init; }

    /// <summary>As the agent calls it (<c>acceptEdits</c>); null: the agent's own default.</summary>
    public string? PermissionMode { get; init; }

    public IReadOnlyList<string> AllowedTools { get; init; } = [];

    public IReadOnlyList<string> DisallowedTools { get; init; } = [];

    /// <summary>The text of an <c>.mcp.json</c>, or null.</summary>
    public string? McpServers { get; init; }

    public IReadOnlyDictionary<string, ValueSource> Environment { get; init; } = new Dictionary<string, ValueSource>();

    public CredentialReference? Credential { get; init; }

    public WorkspaceTemplate Workspace { get; init; } = new();

    public string Queue { get; init; } = DefaultQueue;

    /// <summary>Of its runs in their queue, 1, the first, to 5; null: 3.</summary>
    public int? Priority { get; init; }

    /// <summary>Locks of its runs, by names that may have placeholders of the input.</summary>
    public IReadOnlyDictionary<string, LockMode> Locks { get; init; } = new Dictionary<string, LockMode>();

    /// <summary>Labels that a node must have to run it.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    public RetryPolicy Retry { get; init; } = new();

    /// <summary>A JSON schema for a run's input, or null: any object.</summary>
    public string? InputSchema { get; init; }

    /// <summary>A JSON schema that the agent's structured result must fit, or null.</summary>
    public string? OutputSchema { get; init; }

    /// <summary>Program and arguments for the agent <c>command</c>.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Free options of the agent; structured ones are JSON text.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>A template (<see cref="PromptTemplate"/>), or null: the run's message is the prompt.</summary>
    public string? Prompt { get; init; }

    /// <summary>A template, or null.</summary>
    public string? SystemPrompt { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Canonical JSON: sorted names, no nulls, nothing empty. What the ledger stores.</summary>
    public string ToJson() => DefinitionFormat.Write(this);

    /// <summary>Lower-case hexadecimal SHA-256 of <see cref="ToJson"/>.</summary>
    public string Hash() => DefinitionFormat.Hash(ToJson());

    /// <summary>Reads what <see cref="ToJson"/> of this or an older version wrote; unknown members are skipped.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is no definition, or of a format newer than this program.</exception>
    public static WorkflowDefinition FromJson(string json) => DefinitionFormat.Read(json);
}
