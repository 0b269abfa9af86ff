using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>The locks that are known against the ledger's rows. Either is believed only after two reads, so that what is on its way is no repair.</summary>
internal sealed partial class AdmissionSync
{
    private HashSet<ReleasedLocks> _unfoundedLocks = [];
    private HashSet<RunId> _unknownLocks = [];

    private async Task ReconcileLocksAsync(CancellationToken cancellationToken)
    {
        var known = Index.LockHoldings.ToList();
        var rows = (await ledger.ReadLocksAsync(cancellationToken)).ToLookup(row => row.Run);
        var unfounded = known.Where(held => rows[held.Run].All(row => row.Attempt < held.Attempt)).ToHashSet();
        foreach (var held in unfounded.Where(_unfoundedLocks.Contains).ToArray())
        {
            unfounded.Remove(held);
            if (Index.Unlock(held.Run, held.Attempt))
            {
                AdmissionInstruments.OnLocksFreed();
                LogUnlocked(held.Run, held.Attempt);
            }
        }

        var holders = known.Select(held => held.Run).ToHashSet();
        var unknown = rows.Where(group => !holders.Contains(group.Key)).ToDictionary(group => group.Key);
        foreach (var (run, held) in unknown.Where(pair => _unknownLocks.Contains(pair.Key)).ToArray())
        {
            unknown.Remove(run);
            if (Index.OccupyLocks(run, held))
            {
                AdmissionInstruments.OnLocksOccupied();
                LogLocked(run, string.Join(", ", held.Select(row => row.Name)));
            }
        }

        (_unfoundedLocks, _unknownLocks) = (unfounded, [.. unknown.Keys]);
    }
}
