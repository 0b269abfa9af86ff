using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution.Reconciling;

/// <summary>
/// This node's processes against the ledger's open attempts. A difference counts when two looks after another show it: a
/// claim on its way to its launch, or an end on its way to the ledger, is none.
/// </summary>
internal sealed class ProcessComparison
{
    private HashSet<ProcessDifference> _seen = [];
    private HashSet<ProcessDifference> _confirmed = [];

    /// <summary>Something differed that one more look has to confirm.</summary>
    public bool HasDoubts => _seen.Count > _confirmed.Count;

    /// <summary>What to put right, and whether it is the first time that this difference is.</summary>
    public IReadOnlyList<(ProcessDifference Difference, bool IsNew)> Confirm(ProcessPicture picture)
    {
        var now = Differences(picture).ToHashSet();
        var confirmed = now.Where(_seen.Contains).ToHashSet();
        var repairs = confirmed.Select(difference => (difference, !_confirmed.Contains(difference))).ToArray();
        (_seen, _confirmed) = (now, confirmed);
        return repairs;
    }

    private static IEnumerable<ProcessDifference> Differences(ProcessPicture picture)
    {
        // A run's slot without an attempt is a launch on its way.
        var busy = picture.Followed.Select(attempt => attempt.Run).ToHashSet();
        foreach (var (run, attempt) in picture.Open.Where(open => !busy.Contains(open.Run)))
        {
            yield return new(ProcessRepair.Adopt, run, attempt);
        }

        foreach (var (run, attempt) in picture.Followed.Where(followed => followed.Attempt > 0 && !picture.Open.Contains(followed)))
        {
            yield return new(ProcessRepair.Stop, run, attempt);
        }

        foreach (var (run, attempt) in picture.Supervised.Where(IsNobodys))
        {
            yield return new(ProcessRepair.End, run, attempt);
        }

        foreach (var (run, attempt) in picture.Marked.Where(marked => IsNobodys(marked) && !picture.Supervised.Contains(marked)))
        {
            yield return new(ProcessRepair.Sweep, run, attempt);
        }

        bool IsNobodys((RunId Run, int Attempt) attempt) => !busy.Contains(attempt.Run) && !picture.Open.Contains(attempt);
    }
}
