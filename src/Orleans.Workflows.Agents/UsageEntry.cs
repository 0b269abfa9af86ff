using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Agents;

/// <summary>
/// Usage of one model message, unique by <paramref name="MessageId"/> in an attempt; a later entry of the same id replaces it.
/// The sum of an attempt's rows is always its <see cref="AgentProgress.Usage"/>.
/// </summary>
/// <param name="MessageId">The agent's message id, or <c>result:N:…</c> for what only a result tells.</param>
/// <param name="Model">The model's name.</param>
/// <param name="ParentToolUseId">Set for a sub-agent's message.</param>
/// <param name="Usage">Numbers of this message; for a result, its total minus all rows before. Negative only where the agent takes back what its messages said.</param>
[GenerateSerializer, Immutable, Alias("usage-entry")]
public sealed record UsageEntry(
    [property: Id(0)] string MessageId,
    [property: Id(1)] string? Model,
    [property: Id(2)] string? ParentToolUseId,
    [property: Id(3)] TokenUsage Usage);
