using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>
/// One queue's waiting runs in the order in which they joined, and how many of its attempts run. Those that wait for a node
/// stand in a line of that node's, so that passing over them takes one look a node, however many they are.
/// </summary>
internal sealed class AdmissionQueue(string name)
{
    // The ledger's order, so that a place is the same whoever tells of it, and after whatever detour.
    private static readonly Comparer<Offer> Order = Comparer<Offer>.Create(static (a, b) =>
        a.QueuedAt.CompareTo(b.QueuedAt) is not 0 and var order ? order : a.Run.CompareTo(b.Run));

    private readonly SortedSet<Offer> _line = new(Order);
    private readonly Dictionary<string, SortedSet<Offer>> _nodeLines = [];
    private readonly Dictionary<RunId, Offer> _offers = [];

    public string Name { get; } = name;

    public int? Limit { get; set; }

    public int Running { get; set; }

    public int Waiting => _offers.Count;

    public bool HasRoom => Limit is null || Running < Limit;

    /// <summary>Nodes that some run here waits for.</summary>
    public IEnumerable<string> Nodes => _nodeLines.Keys;

    public Offer? Head => HeadFor(static _ => true);

    /// <summary>The first of those that wait for any node, or for one of which <paramref name="mayServe"/> is true.</summary>
    public Offer? HeadFor(Func<string, bool> mayServe)
    {
        var head = _line.Min;
        foreach (var (node, line) in _nodeLines)
        {
            if (mayServe(node) && (head is null || Order.Compare(line.Min!, head) < 0))
            {
                head = line.Min;
            }
        }

        return head;
    }

    public void Enqueue(Offer offer)
    {
        if (!_offers.ContainsKey(offer.Run))
        {
            var line = _line;
            if (offer.Node is { } node && !_nodeLines.TryGetValue(node, out line))
            {
                _nodeLines.Add(node, line = new(Order));
            }

            // One text for all of a node's.
            offer = line!.Min?.Node is { } text ? offer with { Node = text } : offer;
            _offers.Add(offer.Run, offer);
            line.Add(offer);
        }
    }

    public void Remove(RunId run)
    {
        if (!_offers.Remove(run, out var offer))
        {
            return;
        }

        if (offer.Node is not { } node)
        {
            _line.Remove(offer);
        }
        else if (_nodeLines[node] is var line && line.Remove(offer) && line.Count == 0)
        {
            _nodeLines.Remove(node);
        }
    }

    public int PositionOf(RunId run)
    {
        var mine = _offers[run];
        return 1 + _offers.Values.Count(offer => Order.Compare(offer, mine) < 0);
    }
}
