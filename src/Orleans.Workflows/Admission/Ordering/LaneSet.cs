using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Ordering;

/// <summary>
/// Lanes in the order in which they may start: by level, then whose turn it is, then by who came first. Every step takes
/// logarithmic time: a turn's lanes stand in a line of their own, so that a start moves one line however many they are.
/// </summary>
internal sealed class LaneSet
{
    private static readonly Comparer<Lane> ByHead = Comparer<Lane>.Create(static (a, b) => Lane.Compare(a.Head, b.Head));
    private static readonly Comparer<Line> ByTurn = Comparer<Line>.Create(static (a, b) => a.Rank.CompareTo(b.Rank));

    private readonly Dictionary<Turn, Line> _lines = [];
    private readonly SortedSet<Line> _order = new(ByTurn);

    public bool IsEmpty => _lines.Count == 0;

    /// <summary>The first that nothing closes; null: none, or not among as many as were looked at.</summary>
    /// <param name="closed">Takes those before it, and <paramref name="most"/> of them end the search.</param>
    /// <param name="most">How many closed ones are looked at.</param>
    public Lane? Find(List<Lane> closed, int most)
    {
        while (true)
        {
            closed.Clear();
            if (Look(closed, most, out var stale) is { } found)
            {
                return found;
            }

            if (stale is null)
            {
                return null;
            }

            Sort(stale);
        }
    }

    public void Add(Lane lane)
    {
        if (!_lines.TryGetValue(lane.Turn!, out var line))
        {
            _lines.Add(lane.Turn!, line = new(lane.Turn!));
        }

        line.Lanes.Add(lane);
        lane.Place = this;
        Sort(line);
    }

    public void Remove(Lane lane)
    {
        var line = _lines[lane.Turn!];
        line.Lanes.Remove(lane);
        lane.Place = null;
        if (line.Lanes.Count > 0)
        {
            Sort(line);
            return;
        }

        _order.Remove(line);
        _lines.Remove(lane.Turn!);
    }

    private Lane? Look(List<Lane> closed, int most, out Line? stale)
    {
        stale = null;
        foreach (var line in _order)
        {
            // Tags only grow, so a line may stand too far ahead, and never too far behind.
            if (!line.Rank.Tag.Equals(line.Turn.Tag))
            {
                stale = line;
                return null;
            }

            foreach (var lane in line.Lanes)
            {
                if (lane.Closed is null)
                {
                    return lane;
                }

                closed.Add(lane);
                if (closed.Count == most)
                {
                    return null;
                }
            }
        }

        return null;
    }

    private void Sort(Line line)
    {
        var rank = LaneRank.Of(line.Lanes.Min!);
        if (rank != line.Rank)
        {
            _order.Remove(line);
            line.Rank = rank;
            _order.Add(line);
        }
    }

    private sealed class Line(Turn turn)
    {
        public Turn Turn => turn;

        public SortedSet<Lane> Lanes { get; } = new(ByHead);

        /// <summary>As it stands in the order.</summary>
        public LaneRank Rank { get; set; }
    }
}
