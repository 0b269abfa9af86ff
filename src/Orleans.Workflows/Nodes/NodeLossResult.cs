using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Nodes;

/// <summary>What became of a word that a node is lost.</summary>
public sealed record NodeLossResult
{
    /// <summary>Why it was not taken; then nothing has changed.</summary>
    public Failure? Failure { get; init; }

    public NodeInfo? Node { get; init; }

    /// <summary>Runs whose attempt there was ended by this call; they go on elsewhere.</summary>
    public IReadOnlyList<RunId> Taken { get; init; } = [];

    /// <summary>Runs with processes there that could not be ended while the node lived: each stays open until it is released.</summary>
    public IReadOnlyList<RunId> Leaked { get; init; } = [];

    /// <summary>Runs that could not be told now; they are told within half a node's lease, whatever becomes of this server.</summary>
    public IReadOnlyList<RunId> Pending { get; init; } = [];
}
