using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Workspaces.Collection;

/// <summary>Which entries go, and why.</summary>
public static class CollectionPlan
{
    /// <summary>Runs of which some entry could go by its age or for its size, if they are over; with repeats.</summary>
    public static IEnumerable<RunId> Due(IReadOnlyCollection<CollectionEntry> entries, CollectionLimits limits, DateTimeOffset now)
    {
        var isFull = entries.Sum(entry => entry.Bytes) > limits.TotalBytes;
        return entries.Where(entry => now - entry.LastUsed >= limits.AgeOf(entry.Kind) || (isFull && now - entry.LastUsed >= limits.LeastAge)).Select(entry => entry.Run);
    }

    /// <summary>
    /// Pure. Entries past their age go; then, while the rest is larger than allowed, the least recently used of those old
    /// enough. Never an entry that <paramref name="mayGo"/> denies; such entries still count for the size.
    /// </summary>
    public static IReadOnlyList<CollectionDecision> Decide(IReadOnlyCollection<CollectionEntry> entries, CollectionLimits limits, DateTimeOffset now, Func<CollectionEntry, bool> mayGo)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(mayGo);
        var decisions = new List<CollectionDecision>();
        var total = entries.Sum(entry => entry.Bytes);
        foreach (var entry in entries.Where(mayGo).OrderBy(entry => entry.LastUsed).ThenBy(entry => entry.Path, StringComparer.Ordinal))
        {
            var age = now - entry.LastUsed;
            var reason = limits.AgeOf(entry.Kind) is { } oldest && age >= oldest ? CollectionReason.Age
                : limits.TotalBytes is { } most && total > most && age >= limits.LeastAge ? CollectionReason.Size
                : CollectionReason.None;
            if (reason != CollectionReason.None)
            {
                decisions.Add(new CollectionDecision(entry, reason));
                total -= entry.Bytes;
            }
        }
        return decisions;
    }
}
