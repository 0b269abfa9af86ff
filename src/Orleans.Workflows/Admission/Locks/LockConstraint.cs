using Orleans.Workflows.Admission.Constraints;
using Orleans.Workflows.Admission.Ordering;

namespace Orleans.Workflows.Admission.Locks;

/// <summary>A lock as one of its modes needs it.</summary>
internal sealed class LockConstraint(ResourceLock owner, LockMode mode) : Constraint
{
    public ResourceLock Lock => owner;

    public LockMode Mode => mode;

    public override bool HasRoom => Has(1) && !owner.Exclusive.IsReserved && (mode is LockMode.Shared || !owner.Shared.IsReserved);

    public override bool Has(int places) => mode is LockMode.Exclusive ? owner.Holders.Count == 0 : !owner.IsHeldAlone;

    /// <summary>Nobody joins those who share it past one who wants it alone and is before him: else a stream of them would keep that one out.</summary>
    public bool IsOpenFor(Lane lane) =>
        HasRoom && (mode is LockMode.Exclusive || owner.Exclusive.Held.First is not { } first || LaneRank.Of(lane).CompareTo(LaneRank.Of(first)) < 0);
}
