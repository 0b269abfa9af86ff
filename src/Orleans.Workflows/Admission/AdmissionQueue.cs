using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>One queue's waiting runs in the order in which they joined, and how many of its attempts run.</summary>
internal sealed class AdmissionQueue(string name)
{
    // The ledger's order, so that a place is the same whoever tells of it, and after whatever detour.
    private readonly SortedSet<Offer> _line = new(Comparer<Offer>.Create(static (a, b) =>
        a.QueuedAt.CompareTo(b.QueuedAt) is not 0 and var order ? order : a.Run.CompareTo(b.Run)));

    private readonly Dictionary<RunId, Offer> _offers = [];

    public string Name { get; } = name;

    public int? Limit { get; set; }

    public int Running { get; set; }

    public int Waiting => _line.Count;

    public bool HasRoom => Limit is null || Running < Limit;

    public Offer? Head => _line.Min;

    public void Enqueue(Offer offer)
    {
        if (_offers.TryAdd(offer.Run, offer))
        {
            _line.Add(offer);
        }
    }

    public Offer Dequeue()
    {
        var head = Head ?? throw new InvalidOperationException("The queue is empty.");
        Remove(head.Run);
        return head;
    }

    public void Remove(RunId run)
    {
        if (_offers.Remove(run, out var offer))
        {
            _line.Remove(offer);
        }
    }

    public int PositionOf(RunId run) => 1 + _line.TakeWhile(offer => offer.Run != run).Count();
}
