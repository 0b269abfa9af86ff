using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Ordering;

/// <summary>Who waits rises by a level each step of time, so that no priority starves another.</summary>
/// <param name="Step">Zero or less: nobody rises.</param>
internal readonly record struct Aging(TimeSpan Step)
{
    public int LevelOf(int priority, DateTimeOffset queuedAt, DateTimeOffset now) =>
        Step <= TimeSpan.Zero || now <= queuedAt ? priority : (int)Math.Max(Demand.HighestPriority, priority - ((now - queuedAt).Ticks / Step.Ticks));

    /// <summary>When one of <paramref name="level"/> reaches the next; null: never.</summary>
    public DateTimeOffset? RisesAt(int priority, int level, DateTimeOffset queuedAt) =>
        Step <= TimeSpan.Zero || level <= Demand.HighestPriority ? null : queuedAt + (Step * (priority - level + 1));
}
