using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Holds;

/// <summary>The holds that stand. There are few: each is looked at for whoever joins.</summary>
internal sealed class HoldBook
{
    private readonly Dictionary<HoldSubject, HoldConstraint> _holds = [];

    public IEnumerable<HoldConstraint> All => _holds.Values;

    public bool IsProbing => _holds.Values.Any(hold => hold.IsProbing);

    /// <summary>When the next one ends by itself; null: none does.</summary>
    public DateTimeOffset? NextEnd { get; private set; }

    public HoldConstraint? Find(HoldSubject subject) => _holds.GetValueOrDefault(subject);

    /// <summary>Those that are about a run; null: none.</summary>
    public HoldSet? For(Demand demand, string queue)
    {
        if (_holds.Count == 0)
        {
            return null;
        }

        var found = _holds.Values.Where(hold => hold.Rule.Subject.Covers(demand, queue)).ToArray();
        return found.Length == 0 ? null : new(found);
    }

    /// <returns>Whether it is new, so that others wait for it than before.</returns>
    public bool Put(HoldRule rule)
    {
        var isKnown = _holds.TryGetValue(rule.Subject, out var hold);
        if (isKnown)
        {
            hold!.Renew(rule);
        }
        else
        {
            _holds.Add(rule.Subject, new(rule));
        }

        FindNextEnd();
        return !isKnown;
    }

    public bool Remove(HoldSubject subject)
    {
        var isRemoved = _holds.Remove(subject);
        FindNextEnd();
        return isRemoved;
    }

    /// <summary>Those whose time is over. Each is let probe, or removed, by who asks.</summary>
    public HoldConstraint[] Ended(DateTimeOffset now) => NextEnd <= now ? [.. _holds.Values.Where(hold => !hold.IsProbing && hold.Rule.Until <= now)] : [];

    public void LetProbe(HoldConstraint hold)
    {
        hold.LetProbe();
        FindNextEnd();
    }

    private void FindNextEnd() => NextEnd = _holds.Values.Where(hold => !hold.IsProbing).Min(hold => hold.Rule.Until);
}
