using Orleans.Workflows.Admission.Circuits;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Ordering;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>What keeps all runs with a key back: a person's word, a reset time, or a circuit that has opened.</summary>
internal sealed partial class AdmissionIndex
{
    private readonly HoldBook _holds = new();
    private readonly CircuitBook _circuits;
    private List<HoldRule> _newHolds = [];

    /// <summary>Those that stand, by name.</summary>
    public IReadOnlyList<HoldInfo> Holds => [.. _holds.All.Select(Describe).OrderBy(hold => hold.Name, StringComparer.Ordinal)];

    /// <summary>Some hold waits for what one run finds.</summary>
    public bool IsProbing => _holds.IsProbing;

    /// <summary>Circuits have put holds that are to be made durable.</summary>
    public bool HasNewHolds => _newHolds.Count > 0;

    public HoldRule? FindHold(HoldSubject subject) => _holds.Find(subject)?.Rule;

    public List<HoldRule> TakeNewHolds()
    {
        var taken = _newHolds;
        _newHolds = [];
        return taken;
    }

    /// <summary>They could not be made durable yet.</summary>
    public void KeepNewHolds(IEnumerable<HoldRule> holds) => _newHolds.AddRange(holds);

    /// <summary>Stands from now on; what runs goes on.</summary>
    /// <returns>Whether it is another one than stood there.</returns>
    public bool SetHold(HoldRule rule)
    {
        if (FindHold(rule.Subject) is { } before && (before == rule || !before.YieldsTo(rule)))
        {
            return false;
        }

        if (_holds.Put(rule))
        {
            Apply(rule.Subject, isHeld: true);
        }

        return true;
    }

    /// <summary>Who waited for it takes its place again.</summary>
    /// <returns>What stood there; null: nothing.</returns>
    public HoldRule? ReleaseHold(HoldSubject subject)
    {
        var rule = FindHold(subject);
        _circuits.Forget(subject);
        Lift(subject);
        return rule;
    }

    /// <summary>What an attempt showed about what others need too. Counts once, and only while the attempt has its slot.</summary>
    public void Find(AttemptFinding finding)
    {
        if (!_slots.TryGetValue(finding.Run, out var slot) || slot.Attempt > finding.Attempt || slot.Failed >= finding.Attempt)
        {
            return;
        }

        var demand = Demand.FromJson(slot.Demand);
        if (finding.Failed is not { } failed)
        {
            _circuits.Succeed(demand);
            return;
        }

        slot.Failed = finding.Attempt;
        if (CircuitBook.SubjectOf(failed, demand) is not { } subject)
        {
            return;
        }

        if (finding.Until is { } until)
        {
            Add(subject, HoldSource.RateLimit, finding.Text ?? "its limit is reached", until);
        }
        else
        {
            _circuits.Fail(subject, finding.Text ?? "it fails");
        }
    }

    public HoldInfo Describe(HoldConstraint hold) => new()
    {
        Name = hold.Rule.Subject.Name,
        Spec = hold.Rule.ToSpec(),
        Source = hold.Rule.Source,
        Caller = hold.Rule.Caller,
        Since = hold.Rule.Since,
        Waiting = _lanes.Values.Where(lane => lane.Holds is { } holds && holds.Span.Contains(hold)).Sum(lane => lane.Count),
        IsProbing = hold.IsProbing,
        Probe = hold.Probe,
    };

    private void Break(HoldSubject subject, TimeSpan duration, string reason) => Add(subject, HoldSource.Breaker, reason, _time.GetUtcNow() + duration);

    private void Add(HoldSubject subject, HoldSource source, string reason, DateTimeOffset until)
    {
        var rule = new HoldRule(subject, source, reason, HoldRule.Service, _time.GetUtcNow(), until);
        if (until > rule.Since && SetHold(rule))
        {
            AdmissionInstruments.OnHeld(subject.Dimension, source);
            _newHolds.Add(rule);
        }
    }

    /// <summary>Its circuit has closed.</summary>
    private void Close(HoldSubject subject)
    {
        if (FindHold(subject) is { Source: HoldSource.Breaker })
        {
            Lift(subject);
        }
    }

    private void Lift(HoldSubject subject)
    {
        if (_holds.Remove(subject))
        {
            Apply(subject, isHeld: false);
        }
    }

    private void EndHolds()
    {
        foreach (var hold in _holds.Ended(_time.GetUtcNow()))
        {
            if (hold.Rule.Source is HoldSource.Breaker)
            {
                _holds.LetProbe(hold);
                Open(hold);
            }
            else
            {
                Lift(hold.Rule.Subject);
            }
        }
    }

    /// <summary>A run that was to find something out has its slot no more. What it has not found the next one does.</summary>
    private void EndProbe(RunId run)
    {
        foreach (var hold in _holds.All)
        {
            if (hold.Probe == run)
            {
                hold.Probe = null;
                Open(hold);
            }
        }
    }

    private void Apply(HoldSubject subject, bool isHeld)
    {
        if (subject.Dimension is LimitDimension.Node)
        {
            NodeOf(subject.Key).IsHeld = isHeld;
        }
        else
        {
            Rehold(subject);
        }
    }

    /// <summary>Whoever waits with a key stands where its holds say. Whole lanes where all of it has the key: a hold on the service moves each lane once.</summary>
    private void Rehold(HoldSubject subject)
    {
        foreach (var lane in _lanes.Values.ToArray())
        {
            var isWhole = subject.Dimension is LimitDimension.Service or LimitDimension.Queue;
            if (isWhole && !subject.Covers(Demand.None, lane.Queue.Name))
            {
                continue;
            }

            var moving = lane.Offers.Where(offer => isWhole || subject.Covers(Demand.FromJson(offer.Demand), lane.Queue.Name)).ToArray();
            var holds = moving.Length > 0 ? _holds.For(Demand.FromJson(moving[0].Demand), lane.Queue.Name) : lane.Holds;
            if (Equals(holds, lane.Holds))
            {
                continue;
            }

            if (moving.Length == lane.Count && !_lanes.ContainsKey(lane.Key with { Holds = holds }))
            {
                Rekey(lane, lane.Key with { Holds = holds });
            }
            else
            {
                Array.ForEach(moving, Rehang);
            }
        }
    }

    private void Rekey(Lane lane, LaneKey key)
    {
        Forgive(lane);
        Lift(lane);
        _lanes.Remove(lane.Key);
        lane.Key = key;
        _lanes.Add(key, lane);
        Stand(lane, _ready);
    }
}
