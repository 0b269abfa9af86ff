using Orleans.Workflows.Admission.Constraints;
using Orleans.Workflows.Admission.Spending;

namespace Orleans.Workflows.Admission.Limits;

/// <summary>All rules, and what each counts by key.</summary>
internal sealed class LimitBook(TimeProvider time, EstimateBook estimates)
{
    private const int FirstSweep = 1_000;

    private readonly Dictionary<string, LimitRule> _rules = [];
    private readonly Dictionary<(LimitDimension, string? Label, LimitMeasure), RuleGroup> _groups = [];
    private readonly Dictionary<(string Rule, string? Key, RunLike? Like), LimitConstraint> _constraints = [];
    private readonly Dictionary<(string Rule, string? Key), SpendingWindow> _windows = [];
    private int _sweepAt = FirstSweep;

    public IEnumerable<LimitRule> Rules => _rules.Values;

    /// <summary>Some rule refuses new runs.</summary>
    public bool Rejects { get; private set; }

    /// <summary>Some rule is on tokens or money.</summary>
    public bool IsOnUsage { get; private set; }

    public IEnumerable<SpendingWindow> Windows => _windows.Values;

    /// <summary>What counts in these windows.</summary>
    public IEnumerable<SpendingConstraint> Spending => _windows.Values.SelectMany(window => window.Constraints);

    /// <summary>Sets a rule by its name. What it counted is kept if only its value is new.</summary>
    /// <returns>Whether another rule may now hold for some run.</returns>
    public bool Put(LimitRule rule)
    {
        if (_rules.TryGetValue(rule.Name, out var before) && before with { Value = rule.Value } == rule)
        {
            _rules[rule.Name] = rule;
            GroupOf(rule).Put(rule);
            foreach (var constraint in ConstraintsOf(rule.Name))
            {
                constraint.Rule = rule;
            }

            return false;
        }

        Remove(rule.Name);
        _rules[rule.Name] = rule;
        GroupOf(rule).Put(rule);
        Rejects |= rule.Rejects;
        IsOnUsage |= rule.IsOnUsage;
        return true;
    }

    /// <returns>Whether it was there.</returns>
    public bool Remove(string name)
    {
        if (!_rules.Remove(name, out var rule))
        {
            return false;
        }

        Rejects = _rules.Values.Any(other => other.Rejects);
        IsOnUsage = _rules.Values.Any(other => other.IsOnUsage);
        var group = GroupOf(rule);
        group.Remove(rule);

        // One that it hid holds now.
        foreach (var hidden in _rules.Values.Where(other => IsOfGroup(other, rule) && other.Key == rule.Key))
        {
            group.Put(hidden);
        }

        if (group.IsEmpty)
        {
            _groups.Remove(GroupKey(rule));
        }

        foreach (var key in _constraints.Keys.Where(key => key.Rule == name).ToArray())
        {
            _constraints.Remove(key);
            _windows.Remove((name, key.Key));
        }

        return true;
    }

    public IEnumerable<LimitConstraint> ConstraintsOf(string rule) => _constraints.Where(pair => pair.Key.Rule == rule).Select(pair => pair.Value);

    /// <summary>What a run has to pass: one of each dimension and measure that has a rule for it.</summary>
    public LimitSet Resolve(Demand demand, string queue)
    {
        // Before, for until somebody uses them those that are found here look as if nobody did.
        Sweep();
        var found = new List<LimitConstraint>(_groups.Count);
        foreach (var ((dimension, label, _), group) in _groups)
        {
            if (demand.KeyFor(dimension, label, queue) is { } key && group.TryFind(key, out var rule))
            {
                found.Add(ConstraintFor(rule, rule.IsShared ? null : key, rule.IsOnUsage ? RunLike.Of(demand, rule.Measure) : null));
            }
        }

        return new([.. found]);
    }

    /// <summary>The rule that holds for a key; null: none.</summary>
    public LimitRule? Find(LimitDimension dimension, LimitMeasure measure, string key) =>
        _groups.TryGetValue((dimension, null, measure), out var group) && group.TryFind(key, out var rule) ? rule : null;

    private static (LimitDimension, string?, LimitMeasure) GroupKey(LimitRule rule) => (rule.Dimension, rule.Label, rule.Measure);

    private static bool IsOfGroup(LimitRule rule, LimitRule other) => GroupKey(rule) == GroupKey(other);

    private RuleGroup GroupOf(LimitRule rule)
    {
        if (!_groups.TryGetValue(GroupKey(rule), out var group))
        {
            _groups.Add(GroupKey(rule), group = new());
        }

        return group;
    }

    private LimitConstraint ConstraintFor(LimitRule rule, string? key, RunLike? like)
    {
        if (!_constraints.TryGetValue((rule.Name, key, like), out var constraint))
        {
            constraint = rule.Measure switch
            {
                LimitMeasure.Starts => new StartRateConstraint(rule, key, time),
                LimitMeasure.Waiting => new WaitingConstraint(rule, key, time),
                LimitMeasure.Tokens or LimitMeasure.CostUsd => SpendingFor(rule, key, like!.Value),
                _ => new ConcurrencyConstraint(rule, key, time),
            };
            _constraints.Add((rule.Name, key, like), constraint);
        }

        return constraint;
    }

    private SpendingConstraint SpendingFor(LimitRule rule, string? key, RunLike like)
    {
        var window = WindowFor(rule, key);
        var constraint = new SpendingConstraint(rule, key, like, window, estimates, time);
        window.Constraints.Add(constraint);
        return constraint;
    }

    private SpendingWindow WindowFor(LimitRule rule, string? key)
    {
        if (!_windows.TryGetValue((rule.Name, key), out var window))
        {
            _windows.Add((rule.Name, key), window = new(rule.Period, time));
        }

        return window;
    }

    /// <summary>Keys come and go: what nobody uses is forgotten, seldom enough to cost nothing a key.</summary>
    private void Sweep()
    {
        if (_constraints.Count < _sweepAt)
        {
            return;
        }

        foreach (var (key, constraint) in _constraints.Where(pair => pair.Value is { Uses: 0, IsEmpty: true }).ToArray())
        {
            _constraints.Remove(key);
            if (constraint is SpendingConstraint spending)
            {
                spending.Window.Constraints.Remove(spending);
            }
        }

        foreach (var (key, _) in _windows.Where(pair => pair.Value.Constraints.Count == 0).ToArray())
        {
            _windows.Remove(key);
        }

        _sweepAt = Math.Max(FirstSweep, 2 * _constraints.Count);
    }
}
