using Orleans.Workflows.Admission.Constraints;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;

namespace Orleans.Workflows.Admission.Ordering;

/// <summary>Waiting runs that stand under the same limits: first in, first out, so that only the head is ever looked at. Stands in one <see cref="LaneSet"/> while it has any.</summary>
internal sealed class Lane(long number, LaneKey key)
{
    // The ledger's order, so that a place is the same whoever tells of it, and after whatever detour.
    private static readonly Comparer<Offer> Order = Comparer<Offer>.Create(static (a, b) => Compare(a, b));

    private readonly SortedSet<Offer> _line = new(Order);

    /// <summary>Changes only while it stands nowhere, and only in its holds.</summary>
    public LaneKey Key { get; set; } = key;

    public AdmissionQueue Queue => Key.Queue;

    public int Priority => Key.Priority;

    public long Number => number;

    /// <summary>The limits that a start from here has to pass.</summary>
    public LimitSet Limits => Key.Limits;

    /// <summary>The locks that a start from here takes; null: none.</summary>
    public LockSet? Locks => Key.Locks;

    /// <summary>The holds that keep it back; null: none.</summary>
    public HoldSet? Holds => Key.Holds;

    /// <summary>Where alone it may start: the node of its session, or nodes with what it needs. Null: anywhere.</summary>
    public PlaceConstraint? Node => Key.Node;

    /// <summary>The priority that its head has risen to. Changes only while it stands nowhere.</summary>
    public int Level { get; set; }

    /// <summary>Whose turn counts for it at its level.</summary>
    public Turn? Turn { get; set; }

    /// <summary>When its head is a level higher; null: it stays where it is.</summary>
    public DateTimeOffset? RisesAt { get; set; }

    /// <summary>What holds it back as things are; null: nothing that it asks for.</summary>
    public Constraint? Closed => IsReserved ? Short : Holds?.Closed is { } hold ? hold : Limits.Closed is { } limit ? limit : Node is { HasRoom: false } node ? node : Locks?.ClosedFor(this);

    /// <summary>How often its head was first in order for something and was passed over for something else.</summary>
    public int Misses { get; set; }

    /// <summary>Places are kept for its head.</summary>
    public bool IsReserved { get; set; }

    public LaneSet? Place { get; set; }

    /// <summary>Its line there.</summary>
    public LaneLine? Line { get; set; }

    /// <summary>Counts the places that it has had: what is left of it at an older one is not it.</summary>
    public int Stay { get; set; }

    private Constraint? Short => Limits.Short is { } limit ? limit : Node is { } node && !node.Has(1) ? node : Locks?.Short;

    public int Count => _line.Count;

    /// <summary>Kept, for it is compared far more often than it changes.</summary>
    public Offer Head { get; private set; } = null!;

    public IEnumerable<Offer> Offers => _line;

    public static int Compare(Offer a, Offer b) => a.QueuedAt.CompareTo(b.QueuedAt) is not 0 and var order ? order : a.Run.CompareTo(b.Run);

    /// <summary>Whether this would be another head.</summary>
    public bool IsBeforeHead(Offer offer) => _line.Count == 0 || Compare(offer, Head) < 0;

    public void Add(Offer offer)
    {
        _line.Add(offer);
        Head = _line.Min!;
    }

    public void Remove(Offer offer)
    {
        _line.Remove(offer);
        Head = _line.Min!;
    }
}
