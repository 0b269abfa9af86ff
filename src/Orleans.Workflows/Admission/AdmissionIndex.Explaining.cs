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
        var nodes = _nodes.Values.Where(IsInTouch).ToArray();
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
        return info with { Causes = CausesOf(lane, nodes, info).ToArray() };
    }

    /// <summary>It runs agents, and was heard of lately: whoever asks is heard of with each poll.</summary>
    private bool IsInTouch(AdmissionNode node) => node is { IsFrontend: false, HeardAt: { } at } && !_lost.Contains(node.Name) && _time.GetElapsedTime(at) <= _silence;

    private List<WaitCause> CausesOf(Lane lane, AdmissionNode[] nodes, WaitInfo info)
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

        if (PlaceCauseOf(lane.Node, nodes, info) is { } cause)
        {
            causes.Add(cause);
        }

        return causes.Count > 0 ? causes : [WaitCauses.OfTurn(info.Position)];
    }

    private WaitCause? PlaceCauseOf(PlaceConstraint? place, AdmissionNode[] nodes, WaitInfo info)
    {
        var home = IsBound(place) ? NodeOf(place.Node!) : null;
        AdmissionNode[] all = home is null ? nodes : [home];
        var able = all.Where(node => place?.IsMetBy(node.Labels) is not false).ToArray();
        if (able.Length == 0 && place?.Needs is { } needs)
        {
            return WaitCauses.OfNeeds(needs, [.. all.Select(node => new NodeFit(node.Name, node.Labels, needs.Except(node.Labels, StringComparer.Ordinal).ToArray())).OrderBy(fit => fit.Node, StringComparer.Ordinal)], home is not null);
        }

        var full = able.Where(node => node is { HasSlot: true, Starts: < 1, Room: not null }).Select(node => (node.Name, node.Room!.Reason)).ToArray();
        return able.Any(node => node.HasRoom) ? null
            : full.Length > 0 ? WaitCauses.OfRoom(full)
            : home is not null ? WaitCauses.OfNode(home.Name, home.Running, home.Slots, home.IsFrontend, _holds.Find(HoldSubject.Of(LimitDimension.Node, null, home.Name))?.Rule)
            : nodes.Length == 0 ? WaitCauses.OfNoNode()
            : place?.Needs is null ? WaitCauses.OfCapacity(info.Running, info.Slots)
            : WaitCauses.OfCapacity(able.Sum(node => node.Running), able.Sum(node => node.IsHeld ? node.Running : node.Slots), place.Needs);
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
