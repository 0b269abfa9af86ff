namespace Orleans.Workflows.Agents;

/// <summary>What one attempt asks of an agent. Prompts and secrets reach the process by stdin, environment or 0600 files, never by argv.</summary>
public sealed record AgentLaunch
{
    /// <summary>A marker value for the attempt, <c>run/attempt</c>.</summary>
    public required string AttemptKey { get; init; }

    /// <summary>The id of the first message, another one for each attempt: an agent may pass over a message that its session knows.</summary>
    public required Guid PromptId { get; init; }

    public required string Prompt { get; init; }

    /// <summary>
    /// What the agent is to know before the prompt: that an earlier attempt was cut off, and what of its work is in doubt; or null.
    /// For agents that read their prompt; a program that may parse its input gets the prompt alone.
    /// </summary>
    public string? Preface { get; init; }

    /// <summary>The prompt with what stands before it.</summary>
    public string FirstMessage => Preface is null ? Prompt : $"{Preface}\n\n{Prompt}";

    public string? SystemPrompt { get; init; }

    public string? Model { get; init; }

    public int? MaxTurns { get; init; }

    public decimal? BudgetUsd { get; init; }

    public string? PermissionMode { get; init; }

    public IReadOnlyList<string> AllowedTools { get; init; } = [];

    public IReadOnlyList<string> DisallowedTools { get; init; } = [];

    /// <summary>The text of an <c>.mcp.json</c>, or null.</summary>
    public string? McpConfig { get; init; }

    /// <summary>A JSON schema that the result must fit, or null.</summary>
    public string? OutputSchema { get; init; }

    /// <summary>The session id that we minted for this run.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>Continue <see cref="SessionId"/> instead of opening it.</summary>
    public bool Resume { get; init; }

    /// <summary>The agent's private home for this session; exists, 0700.</summary>
    public required string AgentHome { get; init; }

    /// <summary>The directory that the agent works in; exists.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Declared environment with secrets resolved. The child gets this, an allow-list and the adapter's own, nothing else.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The locks that the attempt runs under; null: none.</summary>
    public HeldLocks? Locks { get; init; }

    /// <summary>Program and arguments for agents that run any program (<c>command</c>), or the script for <c>scripted</c>.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>A binary named by settings, tried before PATH and known places.</summary>
    public string? Binary { get; init; }

    /// <summary>Free options of the agent, from the workflow's <c>options</c>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}
