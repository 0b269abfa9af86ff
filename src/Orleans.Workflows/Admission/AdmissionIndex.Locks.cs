using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>The locks of runs, while they wait and run.</summary>
internal sealed partial class AdmissionIndex
{
    private const int MostWaiters = 20;

    /// <summary>The runs whose locks are durable, by the attempts that hold them.</summary>
    public IEnumerable<ReleasedLocks> LockHoldings => _locks.Held;

    /// <summary>A run durably holds no locks any more. Should it start again, it takes them anew.</summary>
    /// <returns>Whether it held any as far as was known.</returns>
    public bool Unlock(RunId run, int attempt)
    {
        if (!_locks.Release(run, attempt))
        {
            return false;
        }

        Rehang(run);
        return true;
    }

    /// <summary>What the ledger shows of one run; false when it is known already, or a grant's claim may say so yet.</summary>
    public bool OccupyLocks(RunId run, IEnumerable<LockRow> rows)
    {
        var held = rows.ToArray();
        if (!_locks.Occupy(run, held.Max(row => row.Attempt), held.Select(row => (row.Name, Enum.Parse<LockMode>(row.Mode)))))
        {
            return false;
        }

        Rehang(run);
        return true;
    }

    /// <summary>Who holds and who waits, by name.</summary>
    /// <param name="rows">What the ledger shows.</param>
    public IReadOnlyList<LockInfo> DescribeLocks(IReadOnlyList<LockRow> rows)
    {
        var holders = rows.ToLookup(row => row.Name, row => new LockHolder(row.Run, Enum.Parse<LockMode>(row.Mode), row.Attempt, row.Token, row.AcquiredAt));
        var waiting = _lanes.Values.Where(lane => lane.Locks is not null)
            .SelectMany(lane => lane.Locks!.Locks.Select(item => (Lane: lane, item.Lock.Name, item.Mode)))
            .ToLookup(pair => pair.Name);
        return holders.Select(group => group.Key).Union(waiting.Select(group => group.Key)).Order(StringComparer.Ordinal).Select(name => new LockInfo
        {
            Name = name,
            Holders = holders[name].OrderBy(holder => holder.AcquiredAt).ToArray(),
            Waiting = waiting[name].Sum(item => item.Lane.Count),
            Waiters = waiting[name].SelectMany(item => item.Lane.Offers.Take(MostWaiters).Select(offer => new LockWaiter(offer.Run, item.Mode, offer.QueuedAt)))
                .OrderBy(waiter => waiter.QueuedAt).Take(MostWaiters).ToArray(),
        }).ToArray();
    }

    /// <summary>It waits where what it has to take says.</summary>
    private void Rehang(RunId run)
    {
        if (_waiting.TryGetValue(run, out var waiting) && !Equals(waiting.Lane.Locks, _locks.For(run, Demand.FromJson(waiting.Offer.Demand))))
        {
            Rehang(waiting.Offer);
        }
    }
}
