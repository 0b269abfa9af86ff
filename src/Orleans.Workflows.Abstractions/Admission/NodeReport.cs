using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>What a node tells and asks in one call. Every part is idempotent, and one that comes late changes nothing that is newer.</summary>
[GenerateSerializer, Immutable, Alias("node-report")]
public sealed record NodeReport
{
    [Id(0)] public required string Node { get; init; }

    /// <summary>Attempts this node runs at once at most; 0 while it drains.</summary>
    [Id(1)] public required int Slots { get; init; }

    [Id(2)] public IReadOnlyList<Offer> Offers { get; init; } = [];

    /// <summary>Runs that wait no longer (canceled, expired).</summary>
    [Id(3)] public IReadOnlyList<RunId> Withdrawn { get; init; } = [];

    /// <summary>Grants that became durable attempts.</summary>
    [Id(4)] public IReadOnlyList<ClaimedGrant> Claimed { get; init; } = [];

    /// <summary>Attempts that have durably ended.</summary>
    [Id(5)] public IReadOnlyList<ReleasedSlot> Released { get; init; } = [];

    /// <summary>Wait up to this long for a grant when there is none now.</summary>
    [Id(6)] public TimeSpan Wait { get; init; }

    /// <summary>Grants that will not be claimed. Each frees the slot that it holds, and no other: a void one frees nothing.</summary>
    [Id(7)] public IReadOnlyList<Grant> Returned { get; init; } = [];

    /// <summary>Runs that durably hold no locks any more.</summary>
    [Id(8)] public IReadOnlyList<ReleasedLocks> Unlocked { get; init; } = [];

    /// <summary>What attempts showed about what others need too.</summary>
    [Id(9)] public IReadOnlyList<AttemptFinding> Findings { get; init; } = [];

    /// <summary>What the node has that runs may need.</summary>
    [Id(10)] public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>It never runs anything: it tells of runs, and is no node to wait for.</summary>
    [Id(11)] public bool IsFrontend { get; init; }

    /// <summary>What attempts have used: of those that ended, and of those that run as <see cref="NodeOrders.CountsUsage"/> asks.</summary>
    [Id(12)] public IReadOnlyList<AttemptUsage> Usage { get; init; } = [];

    /// <summary>What it may start beside its slots' number. Null: as many as it has slots.</summary>
    [Id(13)] public NodeRoom? Room { get; init; }
}
