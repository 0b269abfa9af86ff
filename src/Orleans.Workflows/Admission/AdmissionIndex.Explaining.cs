using Orleans.Workflows.Admission.Constraints;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Ordering;
using Orleans.Workflows.Admission.Spending;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>What is shown of the limits, and of why somebody waits.</summary>
internal sealed partial class AdmissionIndex
{
    private const int MostUses = 20;

    /// <summary>How many of a queue may run at once; null: no limit but the nodes'.</summary>
    public int? LimitOf(string queue) => _limits.Find(LimitDimension.Queue, LimitMeasure.Concurrency, queue)?.Value is { } limit ? (int)limit : null;

    /// <summary>All that hold or are hidden, by name.</summary>
    public IReadOnlyList<LimitInfo> Limits => _limits.Rules.OrderBy(rule => rule.Name, StringComparer.Ordinal).Select(Describe).ToArray();

    public LimitRule? FindRule(string name) => _limits.Rules.FirstOrDefault(rule => rule.Name == name);

    public LimitInfo Describe(LimitRule rule) => new()
    {
        Name = rule.Name,
        Spec = rule.ToSpec(),
        Uses = _limits.ConstraintsOf(rule.Name).DistinctBy(limit => limit.Key).OrderByDescending(limit => limit.Used).ThenBy(limit => limit.Key, StringComparer.Ordinal).Take(MostUses).Select(limit => UseOf(limit) with { Asks = null }).ToArray(),
        IsSetting = rule.IsSetting,
    };

    /// <summary>Everything that holds a waiting run back as things are; null when it does not wait.</summary>
    public WaitInfo? Explain(RunId run)
    {
        if (!_waiting.TryGetValue(run, out var waiting))
        {
            return null;
        }

        var (lane, offer) = waiting;
        var now = _time.GetUtcNow();
        var nodes = _nodes.Where(node => !_lost.Contains(node.Key)).Select(node => node.Value).ToArray();
        var info = new WaitInfo
        {
            Run = run,
            Queue = lane.Queue.Name,
            QueuedAt = offer.QueuedAt,
            Priority = lane.Priority,
            Level = _aging.LevelOf(lane.Priority, offer.QueuedAt, now),
            FairnessKey = lane.Key.FairnessKey,
            Position = lane.Queue.PositionOf(offer, lane.Priority, _aging, now),
            Waiting = Waiting,
            Slots = nodes.Sum(node => node.IsHeld ? node.Running : node.Slots),
            Running = nodes.Sum(node => node.Running),
            Causes = [],
        };
        return info with { Causes = CausesOf(lane, nodes.Any(node => node.HasRoom), info).ToArray() };
    }

    private List<WaitCause> CausesOf(Lane lane, bool isRoom, WaitInfo info)
    {
        var causes = new List<WaitCause>();
        foreach (var limit in lane.Limits.Span)
        {
            if (!(lane.IsReserved ? limit.Has(1) : limit.HasRoom))
            {
                causes.Add(WaitCauses.OfLimit(limit.Rule, UseOf(limit), _time.GetUtcNow(), limit.Has(1) ? Reserved : null));
            }
        }

        foreach (var hold in lane.Holds is { } holds ? holds.Span : [])
        {
            if (!hold.HasRoom)
            {
                causes.Add(WaitCauses.OfHold(Describe(hold)));
            }
        }

        foreach (var item in lane.Locks?.Locks ?? [])
        {
            if (!lane.IsReserved && !item.IsOpenFor(lane))
            {
                causes.Add(WaitCauses.OfLock(item, item.HasRoom ? item.Lock.Exclusive.Held.First?.Head.Run : item.Has(1) ? Reserved : null));
            }
        }

        if (lane.Node is { } place && !_lost.Contains(place.Node) && !HasRoom(place.Node))
        {
            var node = NodeOf(place.Node);
            causes.Add(WaitCauses.OfNode(place.Node, node.Running, node.Slots, _holds.Find(HoldSubject.Of(LimitDimension.Node, null, place.Node))?.Rule));
        }
        else if (!isRoom)
        {
            causes.Add(WaitCauses.OfCapacity(info.Running, info.Slots));
        }

        return causes.Count > 0 ? causes : [WaitCauses.OfTurn(info.Position)];
    }

    private LimitUse UseOf(LimitConstraint limit) => new(
        limit.Key,
        limit.Used,
        limit.Waiting,
        limit.OpensAt is { } at ? _time.GetUtcNow() - _time.GetElapsedTime(at) : null)
    {
        Reserved = (limit as SpendingConstraint)?.Window.Reserved,
        Asks = (limit as SpendingConstraint)?.Asks,
    };
}
