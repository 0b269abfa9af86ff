using System.Collections.Immutable;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Runs;

/// <summary>All that a run's decisions look at: exactly what is durable, never more.</summary>
internal sealed record RunState
{
    public required RunRow Row { get; init; }

    public required RunSpec Spec { get; init; }

    public RunDetails Details { get; init; } = new();

    /// <summary>The attempt that has not ended.</summary>
    public AttemptRow? Attempt { get; init; }

    /// <summary>Sums over the attempts that have ended.</summary>
    public AttemptSums Ended { get; init; } = AttemptSums.None;

    /// <summary>Commands that have not taken effect, oldest first.</summary>
    public ImmutableArray<CommandRow> Inbox { get; init; } = [];

    /// <summary>The agent's input was closed after its result: no message can reach this attempt any more. Memory only; a lost one refuses at the supervisor instead.</summary>
    public bool InputClosed { get; init; }
}
