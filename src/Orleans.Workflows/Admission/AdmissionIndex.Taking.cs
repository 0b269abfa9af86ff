using Orleans.Workflows.Admission.Constraints;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Admission.Ordering;

namespace Orleans.Workflows.Admission;

/// <summary>
/// Choosing the next. A lane stands among those that may be ready, or with one constraint that held it back; there it is looked
/// at when that one opens, best first, and not before. So a choice takes the same time however many wait.
/// </summary>
internal sealed partial class AdmissionIndex
{
    /// <summary>How many that are held back by something else are looked at before they are moved there.</summary>
    private const int MostPassed = 4;

    private readonly LaneSet _ready = new();

    /// <summary>Constraints with lanes, of which some may pass now.</summary>
    private readonly HashSet<Constraint> _open = [];
    private readonly PriorityQueue<LimitConstraint, long> _resting = new();
    private readonly SortedSet<(DateTimeOffset At, long Number, Lane Lane)> _rising = new(Comparer<(DateTimeOffset At, long Number, Lane Lane)>.Create(static (a, b) =>
        a.At.CompareTo(b.At) is not 0 and var order ? order : a.Number.CompareTo(b.Number)));
    private readonly List<Lane> _passed = [];

    /// <summary>To be opened, for somebody who stood before them has left.</summary>
    private readonly List<Constraint> _left = [];
    private IReadOnlyList<string> _asking = [];
    private long _grants;

    /// <summary>When a limit of a period lets somebody start who waits for it; null: nobody waits for one.</summary>
    public TimeSpan? OpensIn => _resting.TryPeek(out _, out var at) ? -_time.GetElapsedTime(at) : null;

    /// <summary>When somebody may start who could not until then, by time alone; null: nobody.</summary>
    public DateTimeOffset? OpensAt => OpensIn is { } wait && _time.GetUtcNow() + wait is var rate && !(rate > _holds.NextEnd) ? rate : _holds.NextEnd;

    /// <summary>Takes the next runs that may start on <paramref name="nodes"/>; each now holds a slot where the largest share is free.</summary>
    /// <param name="nodes">Who asks; of those with an equal share the first comes first.</param>
    public List<(string Node, Grant Grant)> Take(IReadOnlyList<string> nodes)
    {
        var taken = new List<(string, Grant)>();
        _asking = nodes;
        Raise();
        EndHolds();
        Reopen();
        while (Next() is { } lane)
        {
            taken.Add(Grant(lane));
        }

        return taken;
    }

    private (string Node, Grant Grant) Grant(Lane lane)
    {
        var offer = lane.Head;
        var node = Freest(lane.Node);
        lane.Turn!.Serve();
        var slot = new Slot(lane.Queue, NodeOf(node), offer.Demand, lane.Limits)
        {
            Grant = new(offer.Run, offer.Queue, Epoch) { Number = ++_grants, QueuedAt = offer.QueuedAt, DueAt = offer.DueAt, Node = offer.Node, Demand = offer.Demand },
            GrantedAt = _time.GetTimestamp(),
        };
        Withdraw(offer.Run);
        Hold(offer.Run, slot);
        _locks.Grant(offer.Run, lane.Locks);
        foreach (var hold in lane.Holds is { } holds ? holds.Span : [])
        {
            // It is let through to find out.
            hold.Probe = offer.Run;
        }

        return (node, slot.Grant);
    }

    /// <summary>The best of those that nothing holds back.</summary>
    private Lane? Next()
    {
        while (true)
        {
            if (Ready() is { } lane)
            {
                return lane;
            }

            if (!_asking.Any(HasRoom))
            {
                return null;
            }

            var next = Best();
            if (!ReserveNext() && _left.Count == 0)
            {
                return next;
            }

            _left.ForEach(Open);
            _left.Clear();
        }
    }

    private Lane? Best()
    {
        var next = FirstOf(_ready);
        foreach (var constraint in _open)
        {
            if (!constraint.HasRoom)
            {
                _open.Remove(constraint);
                Rest(constraint);
            }
            else if (FirstOf(constraint.Held) is not { } first)
            {
                _open.Remove(constraint);
            }
            else if (next is null || LaneRank.Of(first).CompareTo(LaneRank.Of(next)) < 0)
            {
                next = first;
            }
        }

        return next;
    }

    /// <summary>
    /// The best of a set; null when all of it has to stand elsewhere, and does. While there is one, who stands before it with an
    /// open constraint stays: that one closes with the next start, and each would only go to and fro.
    /// </summary>
    private Lane? FirstOf(LaneSet set)
    {
        while (true)
        {
            var first = set.Find(_passed, MostPassed);
            var moves = false;
            if (set.Of is not null && _passed.Count > 0)
            {
                Miss(_passed[0]);
            }

            foreach (var lane in _passed)
            {
                if ((first is null || set == _ready) && lane.Closed is { } closed && closed.Held != set)
                {
                    Move(lane, closed.Held);
                    Rest(closed);
                    moves = true;
                }
                else
                {
                    set.Keep(lane);
                }
            }

            // One that has moved may now be before it (LockConstraint), and what is closed for the first of a set is closed for all.
            if (!moves || set.IsEmpty || first is { Closed: null })
            {
                return first;
            }
        }
    }

    /// <summary>What opens by time alone is looked at again then.</summary>
    private void Rest(Constraint constraint)
    {
        if (constraint is LimitConstraint { Held.IsEmpty: false, OpensAt: { } at } limit && !(limit.RestsUntil <= at))
        {
            limit.RestsUntil = at;
            _resting.Enqueue(limit, at);
        }
    }

    /// <summary>Its place alone changes, neither its level nor its turn.</summary>
    private void Move(Lane lane, LaneSet to)
    {
        Leave(lane, lane.Place!);
        to.Add(lane);
    }

    private void Leave(Lane lane, LaneSet place)
    {
        place.Remove(lane);
        if (place.Of is LockConstraint { Mode: LockMode.Exclusive } alone)
        {
            // Those who would share the lock no longer wait behind it.
            _left.Add(alone.Lock.Shared);
        }
    }

    private void Open(Constraint constraint)
    {
        if (!constraint.Held.IsEmpty)
        {
            _open.Add(constraint);
        }
    }

    private void Reopen()
    {
        var now = _time.GetTimestamp();
        while (_resting.TryPeek(out var limit, out var at) && at <= now)
        {
            _resting.Dequeue();
            limit.RestsUntil = null;
            Open(limit);
        }

        _open.RemoveWhere(constraint => constraint.Held.IsEmpty);
        foreach (var node in _asking)
        {
            foreach (var place in NodeOf(node).Places)
            {
                Open(place);
            }
        }
    }

    /// <summary>Those whose head has waited long enough stand a level higher.</summary>
    private void Raise()
    {
        var now = _time.GetUtcNow();
        while (_rising.Count > 0 && _rising.Min is var (at, _, lane) && at <= now)
        {
            var place = lane.Place!;
            Lift(lane);
            Stand(lane, place);
        }
    }

    /// <summary>Of those that may serve it. Shares are compared as products, which are exact.</summary>
    private string Freest(PlaceConstraint? place) => IsBound(place) ? place.Node! : _asking.Where(node => HasRoom(node) && place?.Nodes.Contains(node) is not false).Aggregate((best, node) =>
    {
        var (a, b) = (NodeOf(best), NodeOf(node));
        return (long)(b.Slots - b.Running) * a.Slots > (long)(a.Slots - a.Running) * b.Slots ? node : best;
    });

    private bool HasRoom(string node) => NodeOf(node).HasRoom;
}
