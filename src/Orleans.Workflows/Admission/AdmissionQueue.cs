using Orleans.Workflows.Admission.Ordering;

namespace Orleans.Workflows.Admission;

/// <summary>What is shown of a queue: who waits in it, and how many of its attempts run.</summary>
internal sealed class AdmissionQueue(string name)
{
    public string Name { get; } = name;

    public int Running { get; set; }

    public int Waiting { get; set; }

    /// <summary>Those in which somebody waits.</summary>
    public HashSet<Lane> Lanes { get; } = [];

    /// <summary>When the one who waits longest joined.</summary>
    public DateTimeOffset? OldestQueuedAt => Lanes.Count == 0 ? null : Lanes.Min(lane => lane.Head.QueuedAt);

    /// <summary>1 for the first by level and time; whose turn it is may change it.</summary>
    public int PositionOf(Offer mine, int priority, Aging aging, DateTimeOffset now)
    {
        var level = aging.LevelOf(priority, mine.QueuedAt, now);
        return 1 + Lanes.Sum(lane => lane.Offers.Count(offer =>
            aging.LevelOf(lane.Priority, offer.QueuedAt, now).CompareTo(level) is var order && (order < 0 || (order == 0 && Lane.Compare(offer, mine) < 0))));
    }
}
