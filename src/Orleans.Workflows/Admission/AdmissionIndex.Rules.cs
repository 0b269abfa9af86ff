using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission;

/// <summary>The limits' rules, while runs wait and run under them.</summary>
internal sealed partial class AdmissionIndex
{
    /// <summary>Holds from now on; what runs goes on.</summary>
    public void SetRule(LimitRule rule)
    {
        if (rule is { Dimension: LimitDimension.Queue, IsExact: true })
        {
            // It is shown although nobody has waited there yet.
            QueueOf(rule.Key);
        }

        // What it waits for may now never come.
        Unreserve();
        if (_limits.Put(rule))
        {
            Reclassify();
        }
        else
        {
            foreach (var constraint in _limits.ConstraintsOf(rule.Name))
            {
                Open(constraint);
            }
        }
    }

    /// <summary>The rule that it hid, if there is one, holds again.</summary>
    public void RemoveRule(string name)
    {
        if (_limits.Remove(name))
        {
            Reclassify();
        }
    }

    /// <summary>Has exactly these beside the settings', whatever was put before.</summary>
    /// <returns>Whether anything was different.</returns>
    public bool SetRules(IReadOnlyCollection<LimitRule> rules)
    {
        var names = rules.Select(rule => rule.Name).ToHashSet(StringComparer.Ordinal);
        var gone = _limits.Rules.Where(rule => !rule.IsSetting && !names.Contains(rule.Name)).Select(rule => rule.Name).ToArray();
        var changed = rules.Where(rule => FindRule(rule.Name) != rule).ToArray();
        foreach (var name in gone)
        {
            RemoveRule(name);
        }

        foreach (var rule in changed)
        {
            SetRule(rule);
        }

        return gone.Length + changed.Length > 0;
    }

    /// <summary>Other rules: who waits stands where they say, and what runs counts where it counts now.</summary>
    private void Reclassify()
    {
        foreach (var slot in _slots.Values)
        {
            slot.Recount(_limits.Resolve(Demand.FromJson(slot.Demand), slot.Queue.Name));
        }

        foreach (var lane in _lanes.Values.ToArray())
        {
            Forgive(lane);
            Lift(lane);
            lane.Limits.Leave(lane.Count);
            Forget(lane);
        }

        foreach (var (run, expected) in _expected.ToArray())
        {
            Expect(run, _limits.Resolve(Demand.FromJson(expected.Demand), expected.Queue), expected);
        }

        foreach (var (run, waiting) in _waiting.ToArray())
        {
            var lane = LaneOf(waiting.Offer);
            lane.Add(waiting.Offer);
            lane.Limits.Join(1);
            _waiting[run] = (lane, waiting.Offer);
        }

        foreach (var lane in _lanes.Values)
        {
            Stand(lane, _ready);
        }

        Recharge();
    }
}
