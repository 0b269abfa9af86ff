using Orleans.Workflows.Admission.Constraints;

namespace Orleans.Workflows.Admission.Ordering;

/// <summary>
/// Lanes in the order in which they may start: by level, then whose turn it is, then by who came first. Every step takes
/// logarithmic time: a turn's lanes stand in a line of their own, so that a start moves one line however many they are.
/// </summary>
/// <remarks>
/// Heaps in which what is over stays until it comes up. Lanes go from one set to another a dozen times a start where limits
/// open and close with each, and ordered trees, which let any member go at once, took twice the time (note 0012).
/// </remarks>
internal sealed class LaneSet(Constraint? of = null)
{
    private readonly Dictionary<Turn, LaneLine> _lines = [];
    private readonly PriorityQueue<(LaneLine Line, int Entry), LaneRank> _order = new();
    private int _count;

    public bool IsEmpty => _count == 0;

    /// <summary>What its lanes wait for; null: they may be ready.</summary>
    public Constraint? Of => of;

    /// <summary>Whatever may close it; null: none.</summary>
    public Lane? First => FirstLine()?.First;

    /// <summary>The first that nothing closes; null: none, or not among as many as were looked at.</summary>
    /// <param name="closed">Gets those before it, and <paramref name="most"/> of them end the search. Each must leave or be kept.</param>
    /// <param name="most">How many closed ones are looked at.</param>
    public Lane? Find(List<Lane> closed, int most)
    {
        closed.Clear();
        while (closed.Count < most && FirstLine() is { } line)
        {
            var lane = line.First!;
            if (lane.Closed is null)
            {
                return lane;
            }

            line.Pop();
            closed.Add(lane);
        }

        return null;
    }

    /// <summary>One that <see cref="Find"/> found closed stays.</summary>
    public void Keep(Lane lane)
    {
        lane.Line!.Put(lane);
        Rank(lane.Line);
    }

    public void Add(Lane lane)
    {
        if (!_lines.TryGetValue(lane.Turn!, out var line))
        {
            _lines.Add(lane.Turn!, line = new(lane.Turn!));
        }

        (lane.Place, lane.Line) = (this, line);
        lane.Stay++;
        _count++;
        line.Count++;
        line.Put(lane);
        Rank(line);
    }

    public void Remove(Lane lane)
    {
        _count--;
        var line = lane.Line!;
        (lane.Place, lane.Line) = (null, null);
        if (--line.Count == 0 && !line.HasEntry)
        {
            _lines.Remove(line.Turn);
        }
    }

    /// <summary>The line with the first lane. One stands too far ahead when its lane has left or its turn has come since: it is ranked anew when it comes up.</summary>
    private LaneLine? FirstLine()
    {
        while (_order.TryPeek(out var entry, out var rank))
        {
            var line = entry.Line;
            var isValid = line.HasEntry && line.Entry == entry.Entry;
            if (isValid && line.First is { } first && LaneRank.Of(first).CompareTo(rank) <= 0)
            {
                return line;
            }

            _order.Dequeue();
            if (isValid)
            {
                line.HasEntry = false;
                Rank(line);
                if (line.Count == 0)
                {
                    _lines.Remove(line.Turn);
                }
            }
        }

        return null;
    }

    /// <summary>Sees to it that the line does not stand behind its place.</summary>
    private void Rank(LaneLine line)
    {
        if (line.First is not { } first)
        {
            return;
        }

        var rank = LaneRank.Of(first);
        if (!line.HasEntry || rank.CompareTo(line.Rank) < 0)
        {
            line.Rank = rank;
            line.HasEntry = true;
            line.Entry++;
            _order.Enqueue((line, line.Entry), rank);
        }
    }
}
