using System.IO.Enumeration;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Workspaces.Collection;

/// <summary>
/// Frees the disk of what runs left: reads the directories, decides by <see cref="CollectionPlan"/>, removes. Workspaces go
/// through <see cref="WorkspaceProvider"/>, so unmerged work stays. A crash in the middle only leaves more for the next time.
/// </summary>
public sealed class Collector(WorkspaceProvider workspaces, TimeProvider time)
{
    /// <param name="roots">Directories by kind whose children are named by run id, and by attempt behind a dash; other children are not ours and stay.</param>
    /// <param name="limits">What is kept.</param>
    /// <param name="useOf">Asked only for a run that something of is old enough to go.</param>
    /// <param name="dryRun">Only say what would go.</param>
    /// <param name="cancellationToken">Stops between two entries.</param>
    public async Task<CollectionResult> CollectAsync(IReadOnlyDictionary<CollectionKind, string> roots, CollectionLimits limits, Func<RunId, ValueTask<CollectionUse>> useOf, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(roots);
        ArgumentNullException.ThrowIfNull(useOf);
        var entries = roots.SelectMany(root => Entries(root.Key, root.Value)).ToList();
        var uses = new Dictionary<RunId, CollectionUse>();
        var now = time.GetUtcNow();
        foreach (var run in CollectionPlan.Due(entries, limits, now).Distinct())
        {
            uses.Add(run, await useOf(run));
        }
        var removed = new List<CollectionDecision>();
        var kept = new List<KeptItem>();
        var stuck = new HashSet<CollectionEntry>();
        // What stayed although it was to go still fills the disk: then others go in its place.
        for (var tried = -1; tried != stuck.Count;)
        {
            tried = stuck.Count;
            foreach (var decision in CollectionPlan.Decide(entries, limits, now, entry => MayGo(entry, uses.GetValueOrDefault(entry.Run)) && !stuck.Contains(entry)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                // Asked again: a continuation may have brought the run's things back into use since.
                var use = await useOf(decision.Entry.Run);
                if (MayGo(decision.Entry, use) && await RemoveAsync(decision.Entry, dryRun, kept))
                {
                    removed.Add(use == CollectionUse.Unknown ? decision with { Reason = CollectionReason.Unknown } : decision);
                    entries.Remove(decision.Entry);
                }
                else
                {
                    stuck.Add(decision.Entry);
                }
            }
        }
        var unknown = CollectionPlan.Decide(entries, limits, now, entry => uses.GetValueOrDefault(entry.Run) == CollectionUse.Unknown && !stuck.Contains(entry));
        return new CollectionResult { Removed = removed, Kept = kept, Unknown = [.. unknown.Select(decision => decision.Entry)] };

        bool MayGo(CollectionEntry entry, CollectionUse use) => use == CollectionUse.Over || (use == CollectionUse.Unknown && now - entry.LastUsed >= limits.UnknownAge);
    }

    private async Task<bool> RemoveAsync(CollectionEntry entry, bool dryRun, List<KeptItem> kept)
    {
        try
        {
            if (entry.Kind == CollectionKind.Workspace)
            {
                var removal = await workspaces.RemoveAsync(entry.Run, force: false, dryRun, CancellationToken.None);
                kept.AddRange(removal.Kept);
                return removal.Removed.Count > 0 || !Directory.Exists(entry.Path);
            }
            if (!dryRun)
            {
                DirectoryRemoval.Delete(entry.Path);
            }
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TimeoutException)
        {
            kept.Add(new KeptItem(entry.Path, e.Message));
            return false;
        }
    }

    private static IEnumerable<CollectionEntry> Entries(CollectionKind kind, string root)
    {
        foreach (var directory in Directory.Exists(root) ? new DirectoryInfo(root).EnumerateDirectories() : [])
        {
            if (directory.LinkTarget is null && RunOf(kind, directory.Name) is { } run)
            {
                var (bytes, lastUsed) = Measure(directory);
                yield return new CollectionEntry(run, kind, directory.FullName, bytes, lastUsed);
            }
        }
    }

    private static RunId? RunOf(CollectionKind kind, string name)
    {
        var length = kind == CollectionKind.Attempts && name.LastIndexOf('-') is 32 ? 32 : name.Length;
        return RunId.TryParse(name.AsSpan(0, length), null, out var run) ? run : null;
    }

    private static (long Bytes, DateTimeOffset LastUsed) Measure(DirectoryInfo directory)
    {
        var latest = new DateTimeOffset(directory.LastWriteTimeUtc, TimeSpan.Zero);
        long bytes = 0;
        var all = new FileSystemEnumerable<(long Length, DateTimeOffset Changed)>(directory.FullName, (ref FileSystemEntry entry) => (entry.IsDirectory ? 0 : entry.Length, entry.LastWriteTimeUtc),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true });
        foreach (var (length, changed) in all)
        {
            bytes += length;
            latest = changed > latest ? changed : latest;
        }
        return (bytes, latest);
    }
}
