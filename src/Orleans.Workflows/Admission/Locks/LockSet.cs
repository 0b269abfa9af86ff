using Orleans.Workflows.Admission.Constraints;
using Orleans.Workflows.Admission.Ordering;

namespace Orleans.Workflows.Admission.Locks;

/// <summary>The locks that a start has to take, all of them or none.</summary>
/// <param name="locks">By name.</param>
internal sealed class LockSet(LockConstraint[] locks) : ConstraintSet<LockConstraint>(locks)
{
    public IReadOnlyList<LockConstraint> Locks => Items;

    /// <summary>One that is not free for a lane; null: none.</summary>
    public LockConstraint? ClosedFor(Lane lane)
    {
        foreach (var item in Span)
        {
            if (!item.IsOpenFor(lane))
            {
                return item;
            }
        }

        return null;
    }
}
