using Orleans.Workflows.Admission.Circuits;
using Orleans.Workflows.Admission.Constraints;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Admission.Ordering;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>
/// Who waits, who holds a slot, and who is next: by priority, which grows with the wait, then by whose turn it is, then by who
/// came first, over all queues; skipping what a limit or a full node holds back. Pure memory, so that every rule is tested
/// without Orleans. Every operation is idempotent, and names the grant or the attempt that it is about: news of an older one
/// changes nothing.
/// </summary>
internal sealed partial class AdmissionIndex
{
    private readonly TimeProvider _time;
    private readonly Aging _aging;
    private readonly LimitBook _limits;
    private readonly LockBook _locks;
    private readonly TurnTable _turns;
    private readonly Dictionary<string, AdmissionQueue> _queues = [];
    private readonly Dictionary<LaneKey, Lane> _lanes = [];
    private readonly Dictionary<RunId, (Lane Lane, Offer Offer)> _waiting = [];
    private readonly Dictionary<string, AdmissionNode> _nodes = [];
    private readonly HashSet<string> _lost = [];
    private readonly TimeSpan _silence;
    private long _laneNumbers;

    /// <param name="options">How slots are given out.</param>
    /// <param name="epoch">See <see cref="Epoch"/>.</param>
    /// <param name="time">What time it is.</param>
    /// <param name="isSilent">Agents that never tell what they use. Null: none.</param>
    public AdmissionIndex(AdmissionOptions options, long epoch, TimeProvider time, Func<string, bool>? isSilent = null)
    {
        (Epoch, _time, _aging) = (epoch, time, new(options.PriorityAging));
        _estimates = new(options, isSilent ?? (static _ => false));
        (_limits, _locks, _turns) = (new(time, _estimates), new(Open), new(options.FairnessWeights));
        _silence = options.PollWait * 2;
        _circuits = new(options.Circuits, time, Break, Close);
        foreach (var rule in SettingRules.Of(options))
        {
            _limits.Put(rule);
        }
    }

    /// <summary>The admission epoch that this index was read under and grants under.</summary>
    public long Epoch { get; }

    public int Waiting => _waiting.Count;

    /// <summary>Of the waiting runs.</summary>
    public DueTimes Dues { get; } = new();

    public IEnumerable<AdmissionQueue> Queues => _queues.Values;

    public AdmissionQueue QueueOf(string name)
    {
        if (!_queues.TryGetValue(name, out var queue))
        {
            _queues.Add(name, queue = new(name));
        }

        return queue;
    }

    /// <summary>Lets a run wait; false when it waits already or holds a slot.</summary>
    public bool Offer(Offer offer)
    {
        if (_slots.ContainsKey(offer.Run) || _waiting.ContainsKey(offer.Run))
        {
            return false;
        }

        var lane = LaneOf(offer);

        // One text for those that say the same.
        offer = offer with { Queue = lane.Queue.Name, Node = lane.Node?.Node, Demand = lane.Count > 0 && lane.Head.Demand == offer.Demand ? lane.Head.Demand : offer.Demand };
        if (lane.IsBeforeHead(offer))
        {
            Change(lane, offer, static (lane, offer) => lane.Add(offer));
        }
        else
        {
            lane.Add(offer);
        }

        lane.Queue.Waiting++;
        Expect(offer.Run, null);
        lane.Limits.Join(1);
        _waiting.Add(offer.Run, (lane, offer));
        if (offer.DueAt is { } due)
        {
            Dues.Set(offer.Run, due);
        }

        return true;
    }

    public void Withdraw(RunId run)
    {
        if (_waiting.TryGetValue(run, out var waiting))
        {
            waiting.Lane.Limits.Depart();
            Remove(waiting.Lane, waiting.Offer);
        }
    }

    /// <summary>It waits where what it has to take and to wait for says now.</summary>
    private void Rehang(Offer offer)
    {
        var lane = _waiting[offer.Run].Lane;
        lane.Limits.Leave(1);
        Remove(lane, offer);
        Offer(offer);
    }

    private void Remove(Lane lane, Offer offer)
    {
        var run = offer.Run;
        _waiting.Remove(run);
        if (lane.Head.Run == run)
        {
            Change(lane, offer, static (lane, offer) => lane.Remove(offer));
        }
        else
        {
            lane.Remove(offer);
        }

        lane.Queue.Waiting--;
        Dues.Remove(run);
    }

    /// <summary>1 for the next in its queue.</summary>
    public int? PositionOf(RunId run) =>
        _waiting.TryGetValue(run, out var waiting) ? waiting.Lane.Queue.PositionOf(waiting.Offer, waiting.Lane.Priority, _aging, _time.GetUtcNow()) : null;

    private Lane LaneOf(Offer offer)
    {
        var (queue, demand) = (QueueOf(offer.Queue), Demand.FromJson(offer.Demand));
        var key = new LaneKey(queue, PlaceOf(offer.Node, demand.Needs), demand.Priority, demand.FairnessKey, _limits.Resolve(demand, queue.Name), _locks.For(offer.Run, demand), _holds.For(demand, queue.Name));
        if (!_lanes.TryGetValue(key, out var lane))
        {
            _lanes.Add(key, lane = new(++_laneNumbers, key));
            queue.Lanes.Add(lane);
            Use(lane, 1);
        }

        return lane;
    }

    private void Use(Lane lane, int more)
    {
        lane.Limits.Use(more);
        _locks.Use(lane.Locks, more);
        if (lane.Node is { } place)
        {
            Use(place, more);
        }
    }

    /// <summary>A lane's head changes while it stands nowhere: it is sorted by it. Where it stood it stands again, for it asks for the same.</summary>
    private void Change(Lane lane, Offer offer, Action<Lane, Offer> change)
    {
        var place = lane.Place ?? _ready;
        Forgive(lane);
        Lift(lane);
        change(lane, offer);
        if (lane.Count > 0)
        {
            Stand(lane, place);
            return;
        }

        Forget(lane);
    }

    private void Forget(Lane lane)
    {
        Use(lane, -1);
        _lanes.Remove(lane.Key);
        lane.Queue.Lanes.Remove(lane);
    }

    private void Lift(Lane lane)
    {
        if (lane.Place is { } place)
        {
            Leave(lane, place);
            lane.Turn!.Leave();
            if (lane.RisesAt is { } at)
            {
                _rising.Remove((at, lane.Number, lane));
            }
        }
    }

    private void Stand(Lane lane, LaneSet place)
    {
        lane.Level = _aging.LevelOf(lane.Priority, lane.Head.QueuedAt, _time.GetUtcNow());
        lane.Turn = _turns.Of(lane.Level, lane.Key.FairnessKey);
        lane.Turn.Join();
        place.Add(lane);
        lane.RisesAt = _aging.RisesAt(lane.Priority, lane.Level, lane.Head.QueuedAt);
        if (lane.RisesAt is { } at)
        {
            _rising.Add((at, lane.Number, lane));
        }
    }

    private AdmissionNode NodeOf(string name)
    {
        if (!_nodes.TryGetValue(name, out var node))
        {
            _nodes.Add(name, node = new(name));
        }

        return node;
    }

    private sealed class AdmissionNode(string name)
    {
        public string Name => name;

        /// <summary>When it last reported; null: the ledger alone told of it.</summary>
        public long? HeardAt { get; set; }

        /// <summary>It runs nothing, whatever slots it had.</summary>
        public bool IsFrontend { get; set; }

        public IReadOnlyList<string> Labels { get; set; } = [];

        /// <summary>Where those stand that it may serve.</summary>
        public HashSet<PlaceConstraint> Places { get; } = [];

        public int Slots { get; set; }

        public int Running { get; set; }

        /// <summary>What it may start until it reports again.</summary>
        public int Starts { get; set; } = int.MaxValue;

        /// <summary>As it last reported.</summary>
        public NodeRoom? Room { get; set; }

        /// <summary>Nobody starts here; what runs goes on.</summary>
        public bool IsHeld { get; set; }

        /// <summary>A slot is kept for one run.</summary>
        public bool IsReserved { get; set; }

        public bool HasRoom => Has(IsReserved ? 2 : 1);

        public bool HasSlot => !IsHeld && Running < Slots;

        public bool Has(int slots) => !IsHeld && slots <= Starts && Running + slots <= Slots;
    }
}
