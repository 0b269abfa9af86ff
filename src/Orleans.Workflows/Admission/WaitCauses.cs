using System.Globalization;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>What holds a run back, in words.</summary>
internal static class WaitCauses
{
    /// <summary>How many runs a sentence names.</summary>
    private const int MostNamed = 3;

    /// <summary>How many nodes are told with their labels.</summary>
    private const int MostFits = 20;

    /// <param name="kept">For whom the place that is left is kept.</param>
    public static WaitCause OfLimit(LimitRule rule, LimitUse use, DateTimeOffset now, RunId? kept = null)
    {
        var whom = use.Key is { } key ? DimensionText.Of(rule.Dimension, rule.Label, key) : $"all that match '{rule.Key}' together";
        var text = rule.Measure is LimitMeasure.Waiting
            ? $"limit '{rule.Name}': {use.Used} of {rule.Value} waiting for {whom}"
            : rule.Measure is LimitMeasure.Starts
            ? $"limit '{rule.Name}': {use.Used} of {rule.Value} starts in {rule.Period.TotalSeconds:0.###} s for {whom}" + (use.OpensAt > now ? $"; the next in {(use.OpensAt.Value - now).TotalSeconds:0} s" : "")
            : rule.IsOnUsage ? OfSpending(rule, use, whom, now)
            : $"limit '{rule.Name}': {use.Used} of {rule.Value} running for {whom}";
        text += kept is null ? "" : $"; the place that is left is kept for run {kept}, which has waited longer";
        return new() { Kind = WaitCauseKind.Limit, Limit = rule.Name, Spec = rule.ToSpec(), Use = use, Text = text };
    }

    private static string OfSpending(LimitRule rule, LimitUse use, string whom, DateTimeOffset now)
    {
        var unit = rule.Measure is LimitMeasure.Tokens ? "tokens" : "USD";
        return string.Create(CultureInfo.InvariantCulture, $"limit '{rule.Name}': {use.Used:0.####} of {rule.Value:0.####} {unit} used in {rule.Period.TotalSeconds:0.###} s for {whom}, {use.Reserved:0.####} reserved by who runs; it would reserve {use.Asks:0.####}")
            + (use.OpensAt > now ? $"; there is room in {(use.OpensAt.Value - now).TotalSeconds:0} s" : "");
    }

    public static WaitCause OfNode(string node, int running, int slots, bool isFrontend, HoldRule? hold) => new()
    {
        Kind = WaitCauseKind.Node,
        Node = node,
        Text = hold is not null
            ? $"node {node} holds its session and workspace, and is held by {hold.Caller}: {hold.Reason}"
            : isFrontend
            ? $"node {node} holds its session and workspace, and is a frontend now, which runs nothing: make it an executor again, or declare it lost when it is off"
            : slots == 0
            ? $"node {node} holds its session and workspace, and takes no runs now"
            : $"node {node} holds its session and workspace, and has {running} of {slots} slots taken",
    };

    /// <param name="needs">Of nodes with these labels; null: of all.</param>
    public static WaitCause OfCapacity(int running, int slots, IReadOnlyList<string>? needs = null)
    {
        var with = needs is null ? "" : $" with {string.Join(", ", needs)}";
        return new()
        {
            Kind = WaitCauseKind.Capacity,
            Needs = needs,
            Text = slots == 0 ? $"no node{with} takes runs now" : $"all {slots} slots of the nodes{with} are taken ({running} running)",
        };
    }

    /// <param name="nodes">Those with free slots, and why they start nobody.</param>
    public static WaitCause OfRoom(IReadOnlyList<(string Node, string Reason)> nodes) => new()
    {
        Kind = WaitCauseKind.Capacity,
        Text = "slots are free, but " + string.Join("; ", nodes.Take(MostNamed).Select(node => $"node {node.Node} starts none now: {node.Reason}")) + (nodes.Count > MostNamed ? $"; and {nodes.Count - MostNamed} more" : ""),
    };

    public static WaitCause OfNoNode() => new()
    {
        Kind = WaitCauseKind.Capacity,
        Text = "no node that runs agents is in touch: start one whose Workflows:Node:Role is Both or Executor",
    };

    /// <param name="needs">What it needs, all of it on one node.</param>
    /// <param name="nodes">Those that it may start on but for that.</param>
    /// <param name="isHome">It is the one that holds its session and workspace.</param>
    public static WaitCause OfNeeds(IReadOnlyList<string> needs, IReadOnlyList<NodeFit> nodes, bool isHome)
    {
        var missing = needs.Where(need => nodes.All(node => node.Missing.Contains(need, StringComparer.Ordinal))).ToArray();
        var all = string.Join(", ", needs);
        var lacks = string.Join("; ", nodes.Take(MostNamed).Select(node => $"{node.Node} lacks {string.Join(", ", node.Missing)}")) + (nodes.Count > MostNamed ? $"; and {nodes.Count - MostNamed} more" : "");
        return new()
        {
            Kind = WaitCauseKind.Needs,
            Needs = needs,
            Missing = missing,
            Nodes = nodes.Take(MostFits).ToArray(),
            Text = nodes.Count == 0 ? $"it needs a node with {all}, and none that runs agents is in touch"
                : isHome
                ? $"it needs a node with {all}, and {nodes[0].Node}, which holds its session and workspace, lacks {string.Join(", ", nodes[0].Missing)}"
                : missing.Length > 0
                ? $"it needs a node with {all}, and none has {string.Join(", ", missing)} ({lacks})"
                : $"it needs a node with {all} together, and none has all of them ({lacks})",
        };
    }

    /// <param name="item">What is not free.</param>
    /// <param name="before">Who is to have it first, where nobody holds it against it: who wants it alone, or has it kept; else null.</param>
    public static WaitCause OfLock(LockConstraint item, RunId? before)
    {
        RunId[] runs = before is { } first ? [first] : [.. item.Lock.Holders.Keys.Order()];
        var who = runs.Length > MostNamed ? $"{string.Join(", ", runs.Take(MostNamed))} and {runs.Length - MostNamed} more" : string.Join(", ", runs);
        return new()
        {
            Kind = WaitCauseKind.Lock,
            Lock = item.Lock.Name,
            Runs = runs,
            Text = before is not null && !item.HasRoom ? $"lock '{item.Lock.Name}' is kept for run {who}, which has waited longer"
                : before is not null
                ? $"lock '{item.Lock.Name}': run {who}, which is before it, waits to hold it alone"
                : $"lock '{item.Lock.Name}' is held{(item.Lock.IsHeldAlone ? "" : " together")} by {who}",
        };
    }

    public static WaitCause OfHold(HoldInfo hold) => new()
    {
        Kind = WaitCauseKind.Hold,
        Hold = hold,
        Text = $"the hold on {hold.Name}"
            + (hold.Probe is { } probe ? $", on which run {probe} tries first" : hold.Spec.Until is { } until ? $" until {until.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "")
            + (hold.Source is HoldSource.Operator ? $" by {hold.Caller}" : "")
            + $": {hold.Spec.Reason}",
    };

    public static WaitCause OfTurn(int position) => new()
    {
        Kind = WaitCauseKind.Turn,
        Text = position == 1 ? "nothing but its turn: it is the first in its queue" : $"its turn: it is number {position} in its queue",
    };
}
