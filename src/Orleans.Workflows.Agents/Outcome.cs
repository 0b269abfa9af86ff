using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Agents;

/// <summary>How an attempt ended, judged from all evidence.</summary>
[GenerateSerializer, Immutable, Alias("outcome")]
public sealed record Outcome
{
    /// <summary><see cref="RunStatus.Completed"/> or <see cref="RunStatus.Failed"/>.</summary>
    [Id(0)] public required RunStatus Status { get; init; }

    [Id(1)] public required Reason Reason { get; init; }

    /// <summary>What failed it outside of the work, so that it would fail others too that need it; null: nothing of that kind.</summary>
    [Id(8)] public Dependency? Failed { get; init; }

    /// <summary>Another attempt may do better: the failure was not of the work itself.</summary>
    [Id(2)] public bool Retryable { get; init; }

    /// <summary>Not before then, when the service said so.</summary>
    [Id(3)] public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The agent's final text, whole.</summary>
    [Id(4)] public string? ResultText { get; init; }

    /// <summary>The agent's structured output as JSON, or null.</summary>
    [Id(5)] public string? StructuredOutput { get; init; }

    [Id(6)] public int PermissionDenials { get; init; }

    /// <summary>The session can be continued.</summary>
    [Id(7)] public bool Resumable { get; init; }
}
