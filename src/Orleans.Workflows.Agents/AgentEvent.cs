using System.Text.Json.Serialization;

namespace Orleans.Workflows.Agents;

/// <summary>
/// One thing that an agent did, for the run's history. Stored as JSON with a <c>type</c>; readers skip types they do not know.
/// Text is cut to <see cref="TextLimit"/> characters: the transcript holds the whole.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(AgentReady), "agent_ready")]
[JsonDerivedType(typeof(AgentMessage), "agent_message")]
[JsonDerivedType(typeof(ToolStarted), "tool_started")]
[JsonDerivedType(typeof(ToolFinished), "tool_finished")]
[JsonDerivedType(typeof(ToolDenied), "tool_denied")]
[JsonDerivedType(typeof(ModelRetry), "model_retry")]
[JsonDerivedType(typeof(RateLimitSeen), "rate_limit")]
[JsonDerivedType(typeof(TaskChanged), "task_changed")]
[JsonDerivedType(typeof(TurnEnded), "turn_ended")]
[JsonDerivedType(typeof(InputAccepted), "input_accepted")]
[JsonDerivedType(typeof(AgentNotice), "notice")]
public abstract record AgentEvent
{
    public const int TextLimit = 4_000;
}

/// <summary>The agent is up: its first init.</summary>
public sealed record AgentReady(string? SessionId, string? Model, string? Version, IReadOnlyDictionary<string, string>? McpServers) : AgentEvent;

/// <summary>A piece of text (or, if <paramref name="Thinking"/>, of reasoning) of a model message.</summary>
public sealed record AgentMessage(string? MessageId, int? Turn, string Text, bool Thinking, string? ParentToolUseId) : AgentEvent;

/// <summary>A tool call began. Input is the call's JSON, cut.</summary>
public sealed record ToolStarted(string Id, string Name, string? Input, string? ParentToolUseId) : AgentEvent;

public sealed record ToolFinished(string Id, string? Name, bool IsError, string? Output) : AgentEvent;

public sealed record ToolDenied(string? Id, string? Name, string? Message) : AgentEvent;

/// <summary>The model's service failed and the agent will try again.</summary>
public sealed record ModelRetry(int? Attempt, int? MaxAttempts, long? DelayMs, int? Status, string? Error) : AgentEvent;

/// <summary>The account's limit, with its reset as unix seconds when known.</summary>
public sealed record RateLimitSeen(string? Status, string? Kind, long? ResetsAt, double? Utilization) : AgentEvent;

/// <summary>A background task or sub-agent changed.</summary>
public sealed record TaskChanged(string Id, string? Kind, string? Status, string? Summary) : AgentEvent;

/// <summary>A result: the agent says that the turn is over.</summary>
public sealed record TurnEnded(string? Subtype, bool IsError, string? TerminalReason, int? AgentTurns, decimal? CostUsd, string? Text) : AgentEvent;

/// <summary>The agent took a message from its stdin; the id is the one that it was sent with.</summary>
public sealed record InputAccepted(string Id) : AgentEvent;

/// <summary>Anything else worth a line in the history.</summary>
public sealed record AgentNotice(string Level, string Text) : AgentEvent;
