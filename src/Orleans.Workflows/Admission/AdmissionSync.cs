using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>
/// Keeps the index true to the ledger: builds it under a new epoch, finds runs whose offer was lost and slots whose attempt
/// has come or gone unheard. One caller at a time builds or heals; reports may come at any moment between.
/// </summary>
internal sealed partial class AdmissionSync(ILedger ledger, AdmissionOptions options, TimeSpan? nodePatience, TimeProvider time, ILogger logger, Func<string, bool>? isSilent = null)
{
    private const int Page = 1_000;

    /// <summary>Where all are read: after a burst, before the database has counted its rows, each page may cost it a look at all of them.</summary>
    private const int WalkPage = 10_000;

    /// <summary>How far a scan looks back behind the one before it: clocks of other silos, and commits that took their time.</summary>
    private static readonly TimeSpan ScanMargin = TimeSpan.FromSeconds(60);

    /// <summary>What was woken and waits nevertheless is woken again after this time: its clock was behind, or its answer is lost.</summary>
    private static readonly TimeSpan WakeAgain = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (int Slots, IReadOnlyList<string> Labels, bool IsFrontend)> _nodes = [];
    private List<Action<AdmissionIndex>>? _replay;
    private bool _isCurrent;
    private bool _hasReturned;
    private DateTimeOffset _scannedTo;
    private DateTimeOffset _scanStart;
    private QueuedRunRow? _cursor;

    public AdmissionIndex Index { get; private set; } = new(options, 0, time, isSilent);

    /// <summary>A node's news.</summary>
    public void Take(NodeReport report)
    {
        _nodes[report.Node] = (report.Slots, report.Labels, report.IsFrontend);
        _heard[report.Node] = time.GetTimestamp();
        _hasReturned |= report.Returned.Any(grant => grant.Epoch == Index.Epoch);
        foreach (var slot in report.Released)
        {
            _releasedMeanwhile?.Add(slot);
        }

        Apply(index => Enter(report, index));
    }

    /// <summary>A durable change: null removes the rule.</summary>
    public void Change(string name, LimitRule? rule)
    {
        _ruleChanges++;
        Apply(index =>
        {
            if (rule is null)
            {
                index.RemoveRule(name);
            }
            else
            {
                index.SetRule(rule);
            }
        });
    }

    /// <summary>By node. None while the epoch is over or may be: such grants would be void.</summary>
    /// <param name="nodes">Who asks; at an equal share of free slots the first is served first.</param>
    public ILookup<string, Grant> Grant(IReadOnlyList<string> nodes) =>
        (_isCurrent ? Index.Take(nodes) : []).ToLookup(taken => taken.Node, taken => taken.Grant);

    public DateTimeOffset? NextDue => Index.Dues.Next;

    /// <summary>A waiting run whose due time has come.</summary>
    public bool TryTakeDue([NotNullWhen(true)] out RunId? run)
    {
        var now = time.GetUtcNow();
        return Index.Dues.TryTake(now, now + WakeAgain, out run);
    }

    /// <summary>A new epoch first, then the ledger is read: a claim under the old one can't slip in between.</summary>
    public async Task RebuildAsync(CancellationToken cancellationToken)
    {
        // Until it has succeeded: the old epoch may be over although the answer was lost.
        _isCurrent = false;
        _replay = [];
        try
        {
            var started = time.GetUtcNow();
            var index = new AdmissionIndex(options, await ledger.AdvanceAdmissionEpochAsync(cancellationToken), time, isSilent);
            index.SetRules(LimitRows.Rules(await ledger.ReadRulesAsync(RuleKind.Limit, cancellationToken), LogUnreadable));
            await ReadHoldsAsync(index, cancellationToken);
            if (index.CountsUsage)
            {
                // Before the slots: they reserve by it.
                index.SetSpent(await ReadSpentAsync(cancellationToken));
            }

            foreach (var attempt in await ledger.ReadOpenAttemptsAsync(cancellationToken))
            {
                index.Occupy(attempt.Run, attempt.Number, attempt.Queue, attempt.Node, attempt.Demand);
            }

            foreach (var held in (await ledger.ReadLocksAsync(cancellationToken)).GroupBy(row => row.Run))
            {
                index.OccupyLocks(held.Key, held);
            }

            await WalkAsync(run => index.Offer(Bound(OfferOf(run))), cancellationToken);
            foreach (var (node, (slots, labels, isFrontend)) in _nodes)
            {
                index.SetNode(node, slots, labels, isFrontend, _heard[node]);
            }

            // What came since may be newer than what was read.
            _replay.ForEach(change => change(index));
            CarryOver(index);
            (Index, _isCurrent, _hasReturned) = (index, true, false);
            (_scannedTo, _cursor) = (started, null);
            (_reconciled, _unfounded) = (time.GetTimestamp(), []);
            (_unfoundedLocks, _unknownLocks) = ([], []);
            LogRebuilt(index.Epoch, index.Waiting);
        }
        finally
        {
            _replay = null;
        }
    }

    /// <summary>Looks for what went wrong, a little each time.</summary>
    public async Task HealAsync(CancellationToken cancellationToken)
    {
        if (await IsEpochOverAsync(cancellationToken))
        {
            await RebuildAsync(cancellationToken);
        }
        else if (IsReconcileDue)
        {
            await ReconcileAsync(cancellationToken);
        }
        else
        {
            await ScanAsync(cancellationToken);
        }

        await LookForLostNodesAsync(cancellationToken);
    }

    private static Offer OfferOf(QueuedRunRow run) => new(run.Run, run.Queue, run.QueuedAt) { DueAt = run.NextDeadline, Node = run.Node, Demand = run.Demand };

    private void Apply(Action<AdmissionIndex> change)
    {
        change(Index);
        _replay?.Add(change);
    }

    private void Enter(NodeReport report, AdmissionIndex index)
    {
        index.SetNode(report.Node, report.Slots, report.Labels, report.IsFrontend, room: report.Room);
        foreach (var grant in report.Returned)
        {
            index.Return(grant);
        }

        foreach (var (grant, attempt) in report.Claimed)
        {
            index.Claim(grant, attempt);
        }

        // Before the releases: it counts only while the attempt has its slot.
        foreach (var finding in report.Findings)
        {
            index.Find(finding);
        }

        // Before the releases: what a slot has reserved is counted where nothing is known.
        foreach (var usage in report.Usage)
        {
            index.Spend(usage);
        }

        foreach (var (run, attempt) in report.Released)
        {
            index.Release(run, attempt);
        }

        foreach (var (run, attempt) in report.Unlocked)
        {
            index.Unlock(run, attempt);
        }

        foreach (var run in report.Withdrawn)
        {
            index.Withdraw(run);
        }

        foreach (var offer in report.Offers)
        {
            index.Offer(Bound(offer));
        }
    }

    private async Task<bool> IsEpochOverAsync(CancellationToken cancellationToken)
    {
        if (!_isCurrent)
        {
            return true;
        }

        if (Index.OldestUnclaimed is { } granted && time.GetElapsedTime(granted) > options.ClaimTimeout)
        {
            LogVoid(Index.Epoch);
            return true;
        }

        if (!_hasReturned)
        {
            return false;
        }

        // A grant that came back unclaimed may have been void: another activation took an epoch and is gone.
        var epoch = await ledger.ReadAdmissionEpochAsync(cancellationToken);
        _hasReturned = false;
        if (epoch == Index.Epoch)
        {
            return false;
        }

        LogSuperseded(Index.Epoch, epoch);
        return true;
    }

    /// <summary>One statement a period however much waits: a full page is gone on from at the next tick.</summary>
    private async Task ScanAsync(CancellationToken cancellationToken)
    {
        if (_cursor is null)
        {
            _scanStart = time.GetUtcNow();
        }

        var page = await ledger.ReadQueuedAsync(_cursor ?? new(default, "", _scannedTo - ScanMargin, null), Page, cancellationToken);
        foreach (var run in page)
        {
            Offer(run);
        }

        _cursor = page.Count == Page ? page[^1] : null;
        if (_cursor is null)
        {
            // Only now: what a scan that failed did not see is seen by the next, however long the database was away.
            _scannedTo = _scanStart;
        }
    }

    private void Offer(QueuedRunRow run)
    {
        if (Index.Offer(Bound(OfferOf(run))))
        {
            LogHealed(run.Run);
        }
    }

    private async Task WalkAsync(Action<QueuedRunRow> take, CancellationToken cancellationToken)
    {
        IReadOnlyList<QueuedRunRow> page = [];
        do
        {
            page = await ledger.ReadQueuedAsync(page.Count == 0 ? null : page[^1], WalkPage, cancellationToken);
            foreach (var run in page)
            {
                take(run);
            }
        }
        while (page.Count == WalkPage);
    }
}
