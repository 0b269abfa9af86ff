using Orleans.Workflows.Admission.Constraints;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission.Locks;

/// <summary>
/// Who holds which locks. A run takes all that it asks for with its first grant and keeps them to its end, through all its
/// attempts: so nobody who holds one waits for another, and no circle can close. The ledger's rows are the truth, and refuse
/// what would break it.
/// </summary>
/// <param name="open">Told of what may have room now.</param>
internal sealed class LockBook(Action<Constraint> open)
{
    private readonly Dictionary<string, ResourceLock> _locks = [];
    private readonly Dictionary<RunId, LockHolding> _holdings = [];

    /// <summary>Those of durable attempts.</summary>
    public IEnumerable<ReleasedLocks> Held => _holdings.Where(pair => pair.Value.Attempt is not null).Select(pair => new ReleasedLocks(pair.Key, pair.Value.Attempt!.Value));

    public bool Holds(RunId run) => _holdings.ContainsKey(run);

    /// <summary>What a run has to take; null: nothing, or it holds it.</summary>
    public LockSet? For(RunId run, Demand demand) =>
        demand.Locks is not { Count: > 0 } asked || _holdings.ContainsKey(run) ? null : new([.. asked.Select(item => LockOf(item.Name).For(item.Mode))]);

    /// <summary>Lanes keep what they ask for from being forgotten.</summary>
    public void Use(LockSet? asked, int more)
    {
        foreach (var item in asked?.Locks ?? [])
        {
            item.Uses += more;
            Forget(item.Lock);
        }
    }

    /// <summary>A grant is given to a run.</summary>
    /// <param name="run">Whose.</param>
    /// <param name="asked">What it takes with it; null: nothing, or it holds it.</param>
    public void Grant(RunId run, LockSet? asked)
    {
        if (asked is not null)
        {
            Hold(run, asked.Locks.Select(item => (item.Lock.Name, item.Mode)));
        }
        else if (_holdings.TryGetValue(run, out var holding))
        {
            (holding.Before, holding.Attempt) = (holding.Attempt, null);
        }
    }

    public void Claim(RunId run, int attempt)
    {
        if (_holdings.TryGetValue(run, out var holding))
        {
            holding.Attempt = attempt;
            FreeIfOver(run, holding);
        }
    }

    /// <summary>A grant will not be claimed: what was taken with it is free.</summary>
    public void Return(RunId run)
    {
        if (!_holdings.TryGetValue(run, out var holding))
        {
            return;
        }

        holding.Attempt = holding.Before;
        if (holding.Attempt is null)
        {
            Free(run, holding);
        }
        else
        {
            FreeIfOver(run, holding);
        }
    }

    /// <summary>The locks of the run's attempts up to this one are durably free.</summary>
    /// <returns>Whether it held any.</returns>
    public bool Release(RunId run, int attempt)
    {
        if (!_holdings.TryGetValue(run, out var holding))
        {
            return false;
        }

        holding.FreeUpTo = Math.Max(holding.FreeUpTo, attempt);
        return FreeIfOver(run, holding);
    }

    /// <summary>As the ledger shows it. False where that is known, or a grant's claim may say so yet.</summary>
    public bool Occupy(RunId run, int attempt, IEnumerable<(string Name, LockMode Mode)> locks)
    {
        if (_holdings.TryGetValue(run, out var holding))
        {
            return false;
        }

        Hold(run, locks);
        _holdings[run].Attempt = attempt;
        return true;
    }

    private bool FreeIfOver(RunId run, LockHolding holding)
    {
        if (holding.Attempt is not { } attempt || attempt > holding.FreeUpTo)
        {
            return false;
        }

        Free(run, holding);
        return true;
    }

    private void Hold(RunId run, IEnumerable<(string Name, LockMode Mode)> locks)
    {
        var held = new List<ResourceLock>();
        foreach (var (name, mode) in locks)
        {
            var item = LockOf(name);
            item.Holders[run] = mode;
            held.Add(item);
        }

        _holdings.Add(run, new(held));
    }

    private void Free(RunId run, LockHolding holding)
    {
        _holdings.Remove(run);
        foreach (var item in holding.Locks)
        {
            item.Holders.Remove(run);
            open(item.Exclusive);
            open(item.Shared);
            Forget(item);
        }
    }

    private void Forget(ResourceLock item)
    {
        if (item.IsIdle)
        {
            _locks.Remove(item.Name);
        }
    }

    private ResourceLock LockOf(string name)
    {
        if (!_locks.TryGetValue(name, out var item))
        {
            _locks.Add(name, item = new(name));
        }

        return item;
    }
}
