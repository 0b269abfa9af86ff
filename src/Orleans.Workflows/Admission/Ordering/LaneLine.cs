namespace Orleans.Workflows.Admission.Ordering;

/// <summary>The lanes of one turn in one <see cref="LaneSet"/>, first come first.</summary>
/// <remarks>A lane that leaves is only counted out: what is left of it in the heap goes when it comes up, or when most of the heap is such.</remarks>
internal sealed class LaneLine(Turn turn)
{
    private const int Spare = 64;

    private readonly PriorityQueue<(Lane Lane, int Stay), LaneArrival> _heap = new();

    public Turn Turn => turn;

    /// <summary>Lanes that stand here.</summary>
    public int Count { get; set; }

    /// <summary>The rank that its valid entry in the set's order has.</summary>
    public LaneRank Rank { get; set; }

    /// <summary>Tells its valid entry in the set's order; the others are left from before.</summary>
    public int Entry { get; set; }

    public bool HasEntry { get; set; }

    /// <summary>The one that came first; null: none.</summary>
    public Lane? First
    {
        get
        {
            while (_heap.TryPeek(out var entry, out _))
            {
                if (IsHere(entry))
                {
                    return entry.Lane;
                }

                _heap.Dequeue();
            }

            return null;
        }
    }

    public void Put(Lane lane)
    {
        _heap.Enqueue((lane, lane.Stay), new(lane.Head.QueuedAt, lane.Head.Run));
        if (_heap.Count > (2 * Count) + Spare)
        {
            Compact();
        }
    }

    /// <summary>Takes <see cref="First"/> away, as long as it is looked at: it is put back, or leaves.</summary>
    public void Pop() => _heap.Dequeue();

    private bool IsHere((Lane Lane, int Stay) entry) => entry.Lane.Line == this && entry.Lane.Stay == entry.Stay;

    private void Compact()
    {
        var here = _heap.UnorderedItems.Where(item => IsHere(item.Element)).ToArray();
        _heap.Clear();
        _heap.EnqueueRange(here);
    }
}
