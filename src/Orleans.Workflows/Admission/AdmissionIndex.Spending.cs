using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Spending;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>
/// What limits on tokens and money count: a grant reserves what runs like it used lately, and what its attempt uses is counted in
/// its place. An attempt whose use stays unknown counts with what it had reserved. What runs is never ended for a limit, so
/// such a limit is passed by no more than attempts use beyond what they reserved.
/// </summary>
internal sealed partial class AdmissionIndex
{
    private const int FirstForget = 1_000;

    private readonly EstimateBook _estimates;
    private readonly Dictionary<(RunId Run, int Attempt), SpendingAttempt> _spent = [];
    private int _forgetAt = FirstForget;

    /// <summary>Some limit is on tokens or money.</summary>
    public bool CountsUsage => _limits.IsOnUsage;

    /// <summary>An attempt has used so much so far. Less than is known changes nothing.</summary>
    public void Spend(AttemptUsage usage)
    {
        if (!CountsUsage)
        {
            return;
        }

        Forget();
        var (attempt, now) = (Known(usage.Run, usage.Attempt, usage.Queue, usage.Demand), _time.GetTimestamp());
        var more = UsageAmounts.Measures.ToDictionary(measure => measure, measure => attempt.Raise(measure, UsageAmounts.Of(usage, measure) ?? 0));
        var isNews = more.Values.Any(amount => amount > 0);
        attempt.At = isNews || attempt.At == 0 ? now : attempt.At;
        attempt.Told.UnionWith(UsageAmounts.Measures.Where(measure => usage.HasEnded && UsageAmounts.Of(usage, measure) is not null));
        var demand = Demand.FromJson(attempt.Demand);
        if (isNews)
        {
            foreach (var limit in SpendingOf(demand, attempt.Queue))
            {
                limit.Window.Add(now, more[limit.Rule.Measure]);
                OpenAll(limit.Window);
            }
        }

        if (_slots.TryGetValue(usage.Run, out var slot) && slot.Attempt == usage.Attempt)
        {
            foreach (var charge in slot.Charges)
            {
                charge.Reduce(attempt.Told.Contains(charge.Measure) ? charge.Left : more[charge.Measure]);
            }
        }

        if (usage.HasEnded && !attempt.HasEnded)
        {
            attempt.HasEnded = true;
            Learn(demand, usage);
        }
    }

    /// <summary>What the ledger shows of the attempts of the longest period, those that ended in the order of their ends. What is known to be more stays.</summary>
    public void SetSpent(IReadOnlyList<(AttemptUsage Usage, DateTimeOffset? EndedAt)> rows)
    {
        var (now, wall) = (_time.GetTimestamp(), _time.GetUtcNow());
        _estimates.Clear();
        foreach (var (usage, _) in rows.Where(row => row.Usage.HasEnded))
        {
            Learn(Demand.FromJson(usage.Demand), usage, isSilent: true);
        }

        foreach (var (usage, endedAt) in rows)
        {
            var attempt = Known(usage.Run, usage.Attempt, usage.Queue, usage.Demand);
            attempt.HasEnded |= usage.HasEnded;
            attempt.At = endedAt is { } ended && ended < wall ? now - (long)((wall - ended).TotalSeconds * _time.TimestampFrequency) : now;
            foreach (var measure in UsageAmounts.Measures)
            {
                var used = UsageAmounts.Of(usage, measure);
                attempt.Raise(measure, used ?? (usage.HasEnded ? _estimates.Of(RunLike.Of(Demand.FromJson(usage.Demand), measure), measure) : 0));
            }
        }

        Recharge();
    }

    /// <summary>Counts everything anew, under the limits as they are.</summary>
    private void Recharge()
    {
        if (!CountsUsage)
        {
            _spent.Clear();
            return;
        }

        foreach (var window in _limits.Windows)
        {
            window.Clear();
        }

        foreach (var attempt in _spent.Values.OrderBy(attempt => attempt.At))
        {
            foreach (var limit in SpendingOf(Demand.FromJson(attempt.Demand), attempt.Queue))
            {
                limit.Window.Add(attempt.At, attempt.Of(limit.Rule.Measure));
            }
        }

        foreach (var (run, slot) in _slots)
        {
            Charge(run, slot);
        }

        foreach (var limit in _limits.Spending)
        {
            Open(limit);
        }
    }

    /// <summary>Reserves for a slot what its attempt has not used yet.</summary>
    private void Charge(RunId run, Slot slot)
    {
        var known = slot.Attempt is { } attempt ? _spent.GetValueOrDefault((run, attempt)) : null;
        slot.Charges = known is { HasEnded: true } || !CountsUsage ? [] : [.. slot.Limits.Items.OfType<SpendingConstraint>().Select(limit => limit.Charge(known?.Of(limit.Rule.Measure) ?? 0))];
    }

    /// <summary>The claim tells which attempt it is, of which something may be known already.</summary>
    private void Recharge(RunId run, Slot slot)
    {
        if (slot.Attempt is { } attempt && _spent.TryGetValue((run, attempt), out var known))
        {
            foreach (var charge in slot.Charges)
            {
                charge.Reduce(known.Told.Contains(charge.Measure) ? charge.Left : known.Of(charge.Measure));
            }
        }
    }

    /// <summary>A slot is free. What its attempt used is counted; where that is not known, what it had reserved.</summary>
    private void Settle(RunId run, Slot slot)
    {
        var now = _time.GetTimestamp();
        foreach (var charges in slot.Charges.GroupBy(charge => charge.Measure))
        {
            if (slot.Attempt is { } number && charges.Max(charge => charge.Left) is > 0 and var left)
            {
                var attempt = Known(run, number, slot.Queue.Name, slot.Demand);
                attempt.At = now;
                attempt.Raise(charges.Key, attempt.Of(charges.Key) + left);
            }

            foreach (var charge in charges)
            {
                if (slot.Attempt is not null)
                {
                    charge.Window.Add(now, charge.Left);
                }

                charge.Reduce(charge.Left);
                OpenAll(charge.Window);
            }
        }
    }

    private SpendingAttempt Known(RunId run, int attempt, string queue, string? demand)
    {
        if (!_spent.TryGetValue((run, attempt), out var known))
        {
            _spent.Add((run, attempt), known = new(queue, demand));
        }

        return known;
    }

    private void Learn(Demand demand, AttemptUsage usage, bool isSilent = false)
    {
        foreach (var measure in UsageAmounts.Measures)
        {
            if (UsageAmounts.Of(usage, measure) is { } used && _estimates.Learn(RunLike.Of(demand, measure), measure, used) && !isSilent)
            {
                // Others like it may ask for less now.
                foreach (var limit in _limits.Spending)
                {
                    Open(limit);
                }
            }
        }
    }

    private IEnumerable<SpendingConstraint> SpendingOf(Demand demand, string queue) => _limits.Resolve(demand, queue).Items.OfType<SpendingConstraint>();

    private void OpenAll(SpendingWindow window)
    {
        foreach (var limit in window.Constraints)
        {
            Open(limit);
        }
    }

    /// <summary>What is older than any period counts nowhere; seldom enough to cost nothing a report.</summary>
    private void Forget()
    {
        if (_spent.Count < _forgetAt)
        {
            return;
        }

        var period = _limits.Rules.Where(rule => rule.IsOnUsage).Max(rule => rule.Period);
        foreach (var (key, _) in _spent.Where(pair => _time.GetElapsedTime(pair.Value.At) > period && !(_slots.GetValueOrDefault(pair.Key.Run)?.Attempt == pair.Key.Attempt)).ToArray())
        {
            _spent.Remove(key);
        }

        _forgetAt = Math.Max(FirstForget, 2 * _spent.Count);
    }
}
