using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Agents;

/// <summary>Usage of one model message, unique by <paramref name="MessageId"/> in a run; a later entry of the same id replaces it.</summary>
/// <param name="MessageId">The agent's message id, or <c>result:N</c> for what only a result tells.</param>
/// <param name="Model">The model's name.</param>
/// <param name="ParentToolUseId">Set for a sub-agent's message.</param>
/// <param name="Usage">Numbers of this message; for a result, the delta to the one before.</param>
[GenerateSerializer, Immutable, Alias("usage-entry")]
public sealed record UsageEntry(
    [property: Id(0)] string MessageId,
    [property: Id(1)] string? Model,
    [property: Id(2)] string? ParentToolUseId,
    [property: Id(3)] TokenUsage Usage);
