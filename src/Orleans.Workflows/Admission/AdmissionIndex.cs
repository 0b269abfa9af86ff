using System.Diagnostics.CodeAnalysis;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>
/// Who waits, who holds a slot, and who is next: who joined first over all queues, skipping queues and nodes that are
/// full, and runs that wait for another node. Pure memory, so that every rule is tested without Orleans. Every operation is idempotent, and names the grant or the
/// attempt that it is about: news of an older one changes nothing.
/// </summary>
internal sealed class AdmissionIndex(AdmissionOptions options, long epoch)
{
    private readonly Dictionary<string, AdmissionQueue> _queues = [];
    private readonly Dictionary<RunId, AdmissionQueue> _waiting = [];
    private readonly Dictionary<RunId, Slot> _slots = [];
    private readonly Dictionary<string, AdmissionNode> _nodes = [];
    private readonly HashSet<string> _lost = [];
    private readonly DueTimes _dues = new();
    private long _grants;

    /// <summary>The admission epoch that this index was read under and grants under.</summary>
    public long Epoch => epoch;

    public int Waiting => _waiting.Count;

    /// <summary>Of the waiting runs.</summary>
    public DueTimes Dues => _dues;

    public IEnumerable<AdmissionQueue> Queues => _queues.Values;

    /// <summary>Nodes that are not lost as far as is known, and that some run waits for.</summary>
    public IEnumerable<string> Wanted => _queues.Values.SelectMany(queue => queue.Nodes).Where(node => !_lost.Contains(node)).Distinct();

    /// <summary>It has reported, so it is not lost.</summary>
    public void SetNode(string node, int slots)
    {
        NodeOf(node).Slots = slots;
        _lost.Remove(node);
    }

    /// <summary>The node will not return: its runs may start on any. False when that was known.</summary>
    public bool Lose(string node) => _lost.Add(node);

    public void SetLimit(string queue, int? limit) => QueueOf(queue).Limit = limit;

    public AdmissionQueue QueueOf(string name)
    {
        if (!_queues.TryGetValue(name, out var queue))
        {
            queue = new(name) { Limit = options.QueueLimits.TryGetValue(name, out var limit) ? limit : options.DefaultQueueLimit };
            _queues.Add(name, queue);
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

        var queue = QueueOf(offer.Queue);
        queue.Enqueue(offer);
        _waiting.Add(offer.Run, queue);
        if (offer.DueAt is { } due)
        {
            _dues.Set(offer.Run, due);
        }

        return true;
    }

    public void Withdraw(RunId run)
    {
        if (_waiting.Remove(run, out var queue))
        {
            queue.Remove(run);
            _dues.Remove(run);
        }
    }

    /// <summary>An attempt that the ledger shows as not ended occupies its slot; false when it does already, or a grant's claim may say so yet.</summary>
    public bool Occupy(RunId run, int attempt, string queue, string node)
    {
        Withdraw(run);
        if (_slots.TryGetValue(run, out var slot))
        {
            if (slot.Attempt is null || slot.Attempt >= attempt)
            {
                return false;
            }

            Free(run, slot);
        }

        Hold(run, new(QueueOf(queue), NodeOf(node)) { Attempt = attempt });
        return true;
    }

    /// <summary>A grant became an attempt.</summary>
    public void Claim(Grant grant, int attempt)
    {
        if (TryFindUnclaimed(grant, out var slot))
        {
            slot.Attempt = attempt;
            if (slot.Ended >= attempt)
            {
                Free(grant.Run, slot);
            }
        }
    }

    /// <summary>A grant will not be claimed.</summary>
    public void Return(Grant grant)
    {
        if (TryFindUnclaimed(grant, out var slot))
        {
            Free(grant.Run, slot);
        }
    }

    /// <summary>An attempt has durably ended.</summary>
    /// <returns>Whether a slot became free.</returns>
    public bool Release(RunId run, int attempt)
    {
        if (!_slots.TryGetValue(run, out var slot))
        {
            return false;
        }

        if (slot.Attempt is null)
        {
            // Its claim may be told by another silo than its end, and later.
            slot.Ended = Math.Max(slot.Ended, attempt);
        }
        else if (slot.Attempt <= attempt)
        {
            Free(run, slot);
            return true;
        }

        return false;
    }

    /// <summary>Takes the next runs that may start on <paramref name="nodes"/>; each now holds a slot where the largest share is free.</summary>
    /// <param name="nodes">Who asks; of those with an equal share the first comes first.</param>
    /// <param name="now">A <see cref="TimeProvider"/> timestamp: a wall clock that jumps voids no grant.</param>
    public List<(string Node, Grant Grant)> Take(IReadOnlyList<string> nodes, long now)
    {
        var taken = new List<(string, Grant)>();
        while (_waiting.Count > 0 && Next(nodes) is ({ } queue, { } offer))
        {
            var node = offer.Node is { } wanted && !_lost.Contains(wanted) ? wanted : Freest(nodes);
            queue.Remove(offer.Run);
            _waiting.Remove(offer.Run);
            _dues.Remove(offer.Run);
            var grant = new Grant(offer.Run, queue.Name, epoch) { Number = ++_grants, QueuedAt = offer.QueuedAt, DueAt = offer.DueAt, Node = offer.Node };
            Hold(offer.Run, new(queue, NodeOf(node)) { Grant = grant, GrantedAt = now });
            taken.Add((node, grant));
        }

        return taken;
    }

    /// <summary>The timestamp of the oldest grant whose claim is not known; null when there is none.</summary>
    public long? OldestUnclaimed
    {
        get
        {
            long? oldest = null;
            foreach (var slot in _slots.Values)
            {
                if (slot.Attempt is null && (oldest is null || slot.GrantedAt < oldest))
                {
                    oldest = slot.GrantedAt;
                }
            }

            return oldest;
        }
    }

    /// <summary>The attempts that hold slots; grants are none yet.</summary>
    public IEnumerable<ReleasedSlot> Attempts =>
        _slots.Where(slot => slot.Value.Attempt is not null).Select(slot => new ReleasedSlot(slot.Key, slot.Value.Attempt!.Value));

    /// <summary>1 for the next in its queue.</summary>
    public int? PositionOf(RunId run) => _waiting.TryGetValue(run, out var queue) ? queue.PositionOf(run) : null;

    private (AdmissionQueue Queue, Offer Offer)? Next(IReadOnlyList<string> nodes)
    {
        if (!nodes.Any(HasRoom))
        {
            return null;
        }

        (AdmissionQueue Queue, Offer Offer)? next = null;
        foreach (var queue in _queues.Values)
        {
            if (queue.HasRoom && queue.HeadFor(MayServe) is { } head && (next is null || head.QueuedAt < next.Value.Offer.QueuedAt))
            {
                next = (queue, head);
            }
        }

        return next;

        bool MayServe(string node) => _lost.Contains(node) || (nodes.Contains(node) && HasRoom(node));
    }

    /// <summary>Shares are compared as products, which are exact.</summary>
    private string Freest(IReadOnlyList<string> nodes) => nodes.Where(HasRoom).Aggregate((best, node) =>
    {
        var (a, b) = (NodeOf(best), NodeOf(node));
        return (long)(b.Slots - b.Running) * a.Slots > (long)(a.Slots - a.Running) * b.Slots ? node : best;
    });

    private bool HasRoom(string node) => NodeOf(node) is var target && target.Running < target.Slots;

    private AdmissionNode NodeOf(string name)
    {
        if (!_nodes.TryGetValue(name, out var node))
        {
            _nodes.Add(name, node = new());
        }

        return node;
    }

    private bool TryFindUnclaimed(Grant grant, [NotNullWhen(true)] out Slot? slot) =>
        _slots.TryGetValue(grant.Run, out slot) && slot.Attempt is null && slot.Grant == grant;

    private void Hold(RunId run, Slot slot)
    {
        _slots.Add(run, slot);
        slot.Queue.Running++;
        slot.Node.Running++;
    }

    private void Free(RunId run, Slot slot)
    {
        _slots.Remove(run);
        slot.Queue.Running--;
        slot.Node.Running--;
    }

    private sealed class Slot(AdmissionQueue queue, AdmissionNode node)
    {
        public AdmissionQueue Queue => queue;

        public AdmissionNode Node => node;

        /// <summary>What gave the slot; null when the ledger showed it.</summary>
        public Grant? Grant { get; init; }

        public long GrantedAt { get; init; }

        /// <summary>What occupies it; null until the grant is known to be claimed.</summary>
        public int? Attempt { get; set; }

        /// <summary>The last attempt of the run that is known to have ended while the claim is not known.</summary>
        public int Ended { get; set; }
    }

    private sealed class AdmissionNode
    {
        public int Slots { get; set; }

        public int Running { get; set; }
    }
}
