using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Appending;

namespace Orleans.Workflows.Runs;

/// <summary>
/// What to do about something that happened to a run: append this, and once it is durable, take the next state and carry
/// out the effects in order. Nothing to append means nothing changed.
/// </summary>
internal sealed record RunDecision
{
    public required RunState Next { get; init; }

    public LedgerAppend? Append { get; init; }

    public IReadOnlyList<RunEffect> Effects { get; init; } = [];

    public Failure? Failure { get; init; }

    public static RunDecision Nothing(RunState state, params RunEffect[] effects) => new() { Next = state, Effects = effects };

    public static RunDecision Refuse(RunState state, Failure failure) => new() { Next = state, Failure = failure };
}
