using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>One thing that a queued run waits for.</summary>
[GenerateSerializer, Immutable, Alias("wait-cause")]
public sealed record WaitCause
{
    [Id(0)] public required WaitCauseKind Kind { get; init; }

    /// <summary>In words, with names and numbers.</summary>
    [Id(1)] public required string Text { get; init; }

    /// <summary>The limit's name.</summary>
    [Id(2)] public string? Limit { get; init; }

    /// <summary>What the limit says.</summary>
    [Id(3)] public LimitSpec? Spec { get; init; }

    /// <summary>The run's own key there, how much of it is used, and when that opens by itself.</summary>
    [Id(4)] public LimitUse? Use { get; init; }

    [Id(5)] public string? Node { get; init; }

    /// <summary>The lock's name.</summary>
    [Id(6)] public string? Lock { get; init; }

    /// <summary>The runs that hold the lock, or the one that is to have it first.</summary>
    [Id(7)] public IReadOnlyList<RunId>? Runs { get; init; }

    [Id(8)] public HoldInfo? Hold { get; init; }

    /// <summary>The labels that it needs of one node.</summary>
    [Id(9)] public IReadOnlyList<string>? Needs { get; init; }

    /// <summary>Of these, those that no node that it may start on has; none where they are only not together.</summary>
    [Id(10)] public IReadOnlyList<string>? Missing { get; init; }

    /// <summary>Nodes that it might start on, and what each lacks; 20 at most.</summary>
    [Id(11)] public IReadOnlyList<NodeFit>? Nodes { get; init; }
}
