using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission.Ordering;

/// <summary>First in, first out: the order of a turn's lanes, and the ledger's of waiting runs.</summary>
internal readonly record struct LaneArrival(DateTimeOffset QueuedAt, RunId Run) : IComparable<LaneArrival>
{
    public int CompareTo(LaneArrival other) => QueuedAt.CompareTo(other.QueuedAt) is not 0 and var order ? order : Run.CompareTo(other.Run);
}
