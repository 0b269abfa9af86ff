using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Admission;

/// <summary>
/// The slots against the ledger's open attempts, seldom: whoever was to tell of an end or of a claim may have died first.
/// A slot is freed only when two reads after another do not show its attempt, so that an end on its way is no repair.
/// </summary>
internal sealed partial class AdmissionSync
{
    private long _reconciled;
    private long _ruleChanges;
    private HashSet<ReleasedSlot> _unfounded = [];
    private HashSet<ReleasedSlot>? _releasedMeanwhile;

    // What one read did not show is looked at again at the next tick, not after a whole period.
    private bool IsReconcileDue => _unfounded.Count + _unfoundedLocks.Count + _unknownLocks.Count > 0 || time.GetElapsedTime(_reconciled) >= options.ReconcilePeriod;

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        var (started, walkStart) = (time.GetTimestamp(), time.GetUtcNow());

        // One that was put by an activation whose time was over is not known here.
        var reads = await ReadRulesAsync(cancellationToken);
        await ReadHoldsAsync(Index, cancellationToken);

        // Before the read: a claim that is told meanwhile may be younger than what is read.
        var held = Index.Attempts.ToList();
        var open = await ReadOpenAsync(cancellationToken);
        var missing = held.Where(slot => !open.TryGetValue(slot.Run, out var attempt) || attempt.Number != slot.Attempt).ToHashSet();
        foreach (var slot in missing.Where(_unfounded.Contains).ToArray())
        {
            missing.Remove(slot);
            if (Index.Release(slot.Run, slot.Attempt))
            {
                // What it used was not told either.
                reads = true;
                AdmissionInstruments.OnSlotFreed();
                LogFreed(slot.Run, slot.Attempt);
            }
        }

        foreach (var attempt in open.Values)
        {
            if (Index.Occupy(attempt.Run, attempt.Number, attempt.Queue, attempt.Node, attempt.Demand))
            {
                AdmissionInstruments.OnSlotOccupied();
                LogOccupied(attempt.Run, attempt.Number, attempt.Node);
            }
        }

        await ReconcileLocksAsync(cancellationToken);
        if (reads && Index.CountsUsage)
        {
            SetSpent(await ReadSpentAsync(cancellationToken));
        }

        // Then the waiting runs, whatever clock stamped them: one whose slot was freed may have queued again since.
        await WalkAsync(Offer, cancellationToken);
        (_unfounded, _reconciled) = (missing, started);
        (_scannedTo, _cursor) = (walkStart, null);
    }

    /// <returns>Whether anything was different.</returns>
    private async Task<bool> ReadRulesAsync(CancellationToken cancellationToken)
    {
        var version = _ruleChanges;
        var rules = LimitRows.Rules(await ledger.ReadRulesAsync(RuleKind.Limit, cancellationToken), LogUnreadable);
        return version == _ruleChanges && Index.SetRules(rules);
    }

    /// <summary>Without those whose end was told during the read: it may not show it yet.</summary>
    private async Task<Dictionary<Runs.RunId, OpenAttemptRow>> ReadOpenAsync(CancellationToken cancellationToken)
    {
        var released = _releasedMeanwhile = [];
        try
        {
            var open = await ledger.ReadOpenAttemptsAsync(cancellationToken);
            return open.Where(attempt => !released.Contains(new(attempt.Run, attempt.Number))).ToDictionary(attempt => attempt.Run);
        }
        finally
        {
            _releasedMeanwhile = null;
        }
    }
}
