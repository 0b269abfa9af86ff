using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission.Ordering;

/// <summary>Where a lane stands among all: the lowest is next.</summary>
internal readonly record struct LaneRank(int Level, double Tag, DateTimeOffset QueuedAt, RunId Run) : IComparable<LaneRank>
{
    public static LaneRank Of(Lane lane) => new(lane.Level, lane.Turn!.Tag, lane.Head.QueuedAt, lane.Head.Run);

    public int CompareTo(LaneRank other) =>
        Level.CompareTo(other.Level) is not 0 and var level ? level
        : Tag.CompareTo(other.Tag) is not 0 and var tag ? tag
        : QueuedAt.CompareTo(other.QueuedAt) is not 0 and var queued ? queued
        : Run.CompareTo(other.Run);
}
