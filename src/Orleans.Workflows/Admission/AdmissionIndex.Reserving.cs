using Orleans.Workflows.Admission.Constraints;
using Orleans.Workflows.Admission.Ordering;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>
/// The bound on starvation. Whoever needs several things that others take in turns would wait for ever: when one of them is free,
/// another is not. So of the runs that were first in order for something a few times, and were passed over for something else
/// each time, the one that has waited longest gets a place kept for it in all that it needs. One run at a time: places that are
/// kept are places that nobody uses. What it waits for from then on are the ends of attempts, so it starts within the longest
/// one; whoever joins while n others wait starts within (<see cref="MostMisses"/> + 4)(n + 1) longest attempts. It never
/// waits so for a lock, whose holder may itself wait for a place.
/// </summary>
internal sealed partial class AdmissionIndex
{
    /// <summary>How often a run is passed over before places are kept for it. With none, most of what is kept would be kept for who starts soon anyway.</summary>
    public const int MostMisses = 5;

    /// <summary>Of those that were passed over so often the one that has waited longest comes first.</summary>
    private readonly SortedSet<Lane> _missed = new(Comparer<Lane>.Create(static (a, b) => Lane.Compare(a.Head, b.Head)));
    private Lane? _reserved;

    /// <summary>Who has places kept for it; null: nobody.</summary>
    public RunId? Reserved => _reserved?.Head.Run;

    /// <summary>It would have been next if it did not need something else too.</summary>
    private void Miss(Lane lane)
    {
        if (++lane.Misses == MostMisses)
        {
            _missed.Add(lane);
        }
    }

    /// <summary>Its head is another, or it stands under other rules.</summary>
    private void Forgive(Lane lane)
    {
        if (lane == _reserved)
        {
            Unreserve();
        }

        if (lane.Misses >= MostMisses)
        {
            _missed.Remove(lane);
        }

        lane.Misses = 0;
    }

    /// <returns>Whether places are kept for one now for whom none were.</returns>
    private bool ReserveNext()
    {
        if (_reserved is not null || _missed.Count == 0 || _missed.FirstOrDefault(MayReserve) is not { } lane)
        {
            return false;
        }

        _reserved = lane;
        Keep(lane, isKept: true);
        return true;
    }

    /// <summary>Whether all that it still waits for comes by itself.</summary>
    private bool MayReserve(Lane lane)
    {
        foreach (var limit in lane.Limits.Span)
        {
            // What others use up meanwhile may take a whole period to come back, and so long no place is kept.
            if (limit.Rule.Value == 0 || (limit.Rule.IsOnUsage && !limit.Has(1)))
            {
                return false;
            }
        }

        return lane.Holds is null && lane.Locks?.Short is null
            && (lane.Node is not { } place || place.Nodes.Any(node => NodeOf(node) is { IsHeld: false, Slots: > 0 }));
    }

    /// <summary>The one with a reservation, if nothing closes what it needs.</summary>
    private Lane? Ready() =>
        _reserved is { Closed: null } lane && (IsBound(lane.Node) || _asking.Any(HasRoom)) ? lane : null;

    private void Unreserve()
    {
        if (_reserved is { } lane)
        {
            _reserved = null;
            Keep(lane, isKept: false);
        }
    }

    private void Keep(Lane lane, bool isKept)
    {
        lane.IsReserved = isKept;
        foreach (var limit in lane.Limits.Span)
        {
            Keep(limit);
        }

        foreach (var item in lane.Locks?.Locks ?? [])
        {
            item.IsReserved = isKept;
            Open(item.Lock.Exclusive);
            Open(item.Lock.Shared);
        }

        if (lane.Node is { Node: { } home })
        {
            // Of nodes that all will do none is kept: one becomes free with the next end there, and then it is before all others.
            NodeOf(home).IsReserved = isKept;
            foreach (var place in _places.Values.Where(place => place.Node == home))
            {
                Keep(place);
            }
        }

        void Keep(Constraint constraint)
        {
            constraint.IsReserved = isKept;
            Open(constraint);
        }
    }
}
