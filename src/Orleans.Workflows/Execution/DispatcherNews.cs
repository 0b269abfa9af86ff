using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution;

/// <summary>What a silo has to tell the admission grain since its last report.</summary>
internal sealed class DispatcherNews
{
    public List<Offer> Offers { get; } = [];

    public List<RunId> Withdrawn { get; } = [];

    public List<ClaimedGrant> Claimed { get; } = [];

    public List<ReleasedSlot> Released { get; } = [];

    public List<Grant> Returned { get; } = [];

    public List<ReleasedLocks> Unlocked { get; } = [];

    public List<AttemptFinding> Findings { get; } = [];

    /// <summary>The last word of each attempt.</summary>
    public Dictionary<(RunId Run, int Attempt), AttemptUsage> Usage { get; } = [];
}
