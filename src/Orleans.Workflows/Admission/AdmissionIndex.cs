using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>
/// Who waits, who holds a slot, and who is next: first in first out over all queues, skipping queues and nodes that are
/// full. Pure memory, so that every rule is tested without Orleans. Every operation is idempotent.
/// </summary>
internal sealed class AdmissionIndex(AdmissionOptions options)
{
    private readonly Dictionary<string, AdmissionQueue> _queues = [];
    private readonly Dictionary<RunId, AdmissionQueue> _waiting = [];
    private readonly Dictionary<RunId, Slot> _slots = [];
    private readonly Dictionary<string, AdmissionNode> _nodes = [];

    public int Waiting => _waiting.Count;

    public IEnumerable<AdmissionQueue> Queues => _queues.Values;

    public void SetNode(string node, int slots) => NodeOf(node).Slots = slots;

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
        return true;
    }

    public void Withdraw(RunId run)
    {
        if (_waiting.Remove(run, out var queue))
        {
            queue.Remove(run);
        }
    }

    /// <summary>A slot that the ledger shows: an attempt that has not ended.</summary>
    public void Occupy(RunId run, string queue, string node)
    {
        Withdraw(run);
        if (_slots.TryAdd(run, new(QueueOf(queue), NodeOf(node), null)))
        {
            QueueOf(queue).Running++;
            NodeOf(node).Running++;
        }
    }

    public void Claimed(RunId run)
    {
        if (_slots.TryGetValue(run, out var slot))
        {
            _slots[run] = slot with { GrantedAt = null };
        }
    }

    public void Release(RunId run)
    {
        if (_slots.Remove(run, out var slot))
        {
            slot.Queue.Running--;
            slot.Node.Running--;
        }
    }

    /// <summary>Takes the next runs that may start on <paramref name="node"/>; each now holds a slot.</summary>
    public List<Grant> Take(string node, long epoch, DateTimeOffset now)
    {
        var target = NodeOf(node);
        var grants = new List<Grant>();
        while (target.Running < target.Slots && NextQueue() is { } queue)
        {
            var offer = queue.Dequeue();
            _waiting.Remove(offer.Run);
            _slots.Add(offer.Run, new(queue, target, now));
            queue.Running++;
            target.Running++;
            grants.Add(new(offer.Run, queue.Name, epoch));
        }

        return grants;
    }

    /// <summary>Whether <see cref="Take"/> would find something.</summary>
    public bool CanTake(string node)
    {
        var target = NodeOf(node);
        return target.Running < target.Slots && _waiting.Count > 0 && NextQueue() is not null;
    }

    /// <summary>Whether a grant has waited for its claim since before <paramref name="before"/>.</summary>
    public bool HasUnclaimedGrant(DateTimeOffset before) => _slots.Values.Any(slot => slot.GrantedAt < before);

    /// <summary>1 for the next in its queue.</summary>
    public int? PositionOf(RunId run) => _waiting.TryGetValue(run, out var queue) ? queue.PositionOf(run) : null;

    private AdmissionQueue? NextQueue()
    {
        AdmissionQueue? next = null;
        foreach (var queue in _queues.Values)
        {
            if (queue.Head is { } head && queue.HasRoom && (next is null || head.QueuedAt < next.Head!.QueuedAt))
            {
                next = queue;
            }
        }

        return next;
    }

    private AdmissionNode NodeOf(string name)
    {
        if (!_nodes.TryGetValue(name, out var node))
        {
            _nodes.Add(name, node = new());
        }

        return node;
    }

    /// <param name="GrantedAt">Set until the grant is claimed.</param>
    private readonly record struct Slot(AdmissionQueue Queue, AdmissionNode Node, DateTimeOffset? GrantedAt);

    private sealed class AdmissionNode
    {
        public int Slots { get; set; }

        public int Running { get; set; }
    }
}
