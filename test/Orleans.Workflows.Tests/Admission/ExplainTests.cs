using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>A run that waits tells everything that holds it back, and nothing that does not.</summary>
public sealed class ExplainTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Who_does_not_wait_has_nothing_to_explain()
    {
        var index = Index(slots: 1);
        Assert.Null(index.Explain(new(Guid.NewGuid())));
        var run = Offer(index);
        index.Take("n");
        Assert.Null(index.Explain(run));
    }

    [Fact]
    public void Without_slots_it_waits_for_a_node_and_with_them_for_its_turn()
    {
        var index = Index(slots: 0);
        var (first, second) = (Offer(index), Offer(index));
        Assert.Equal((WaitCauseKind.Capacity, "no node takes runs now"), Only(index, first));
        index.SetNode("n", 1);
        Assert.Equal((WaitCauseKind.Turn, "nothing but its turn: it is the first in its queue"), Only(index, first));
        Assert.Equal((WaitCauseKind.Turn, "its turn: it is number 2 in its queue"), Only(index, second));
        index.Take("n");
        Assert.Equal((WaitCauseKind.Capacity, "all 1 slots of the nodes are taken (1 running)"), Only(index, second));
        Assert.Equal((1, 1, 1), (index.Explain(second)!.Slots, index.Explain(second)!.Running, index.Explain(second)!.Position));
    }

    [Fact]
    public void Every_limit_that_is_reached_is_named_with_its_numbers()
    {
        var index = Index(slots: 10);
        index.SetRule(new("tenants", LimitDimension.Tenant, LimitMeasure.Concurrency, 1));
        index.SetRule(new("starts", LimitDimension.Service, LimitMeasure.Starts, 1) { Period = TimeSpan.FromSeconds(60) });
        index.SetRule(new("models", LimitDimension.Model, LimitMeasure.Concurrency, 5));
        Offer(index, new() { Tenant = "acme", Model = "m" });
        index.Take("n");
        var started = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(20));
        var (run, other) = (Offer(index, new() { Tenant = "acme", Model = "m" }), Offer(index, new() { Tenant = "other" }));
        var causes = index.Explain(run)!.Causes.OrderBy(cause => cause.Limit, StringComparer.Ordinal).ToArray();
        Assert.Equal(["limit 'starts': 1 of 1 starts in 60 s for the whole service; the next in 40 s", "limit 'tenants': 1 of 1 running for tenant 'acme'"], causes.Select(cause => cause.Text));
        Assert.Equal((started + TimeSpan.FromSeconds(60), 2), (causes[0].Use!.OpensAt!.Value, causes[0].Use!.Waiting));
        Assert.Equal(("acme", 1, 1), (causes[1].Use!.Key, causes[1].Use!.Used, causes[1].Use!.Waiting));
        Assert.Equal("starts", Assert.Single(index.Explain(other)!.Causes).Limit);
    }

    [Fact]
    public void Who_needs_a_node_waits_for_that_one()
    {
        var index = Index(slots: 5);
        index.SetNode("home", 0);
        var run = Offer(index, node: "home");
        Assert.Equal((WaitCauseKind.Node, "node home holds its session and workspace, and takes no runs now"), Only(index, run));
        index.Lose("home");
        Assert.Equal(WaitCauseKind.Turn, Only(index, run).Kind);
    }

    [Fact]
    public void It_tells_how_far_a_wait_has_raised_it()
    {
        var index = Index(slots: 0);
        var run = Offer(index, new() { Priority = 5, FairnessKey = "k" });
        _time.Advance(new AdmissionOptions().PriorityAging * 2);
        var info = index.Explain(run)!;
        Assert.Equal((5, 3, "k"), (info.Priority, info.Level, info.FairnessKey));
    }

    [Fact]
    public void Runs_that_differ_in_nothing_that_is_limited_keep_their_order_when_a_limit_comes_that_tells_them_apart()
    {
        var index = Index(slots: 10);
        var runs = Enumerable.Range(0, 6).Select(i => Offer(index, new() { Labels = new() { ["team"] = $"{i % 2}", ["build"] = $"{i}" } })).ToArray();
        index.SetRule(new("teams", LimitDimension.Label, LimitMeasure.Concurrency, 1) { Label = "team" });
        Assert.Equal([runs[0], runs[1]], index.Take("n").Select(grant => grant.Run));
        Assert.Equal("limit 'teams': 1 of 1 running for label team=0", Only(index, runs[2]).Text);
        index.RemoveRule("teams");
        Assert.Equal(runs[2..], index.Take("n").Select(grant => grant.Run));
    }

    [Fact]
    public void A_setting_holds_until_a_limit_of_its_key_is_put_and_again_after()
    {
        var index = new AdmissionIndex(new() { DefaultQueueLimit = 3, QueueLimits = { ["q"] = 2 } }, 1, _time);
        Assert.Equal((2, 3), (index.LimitOf("q"), index.LimitOf("other")));
        index.SetLimit("q", 7);
        Assert.Equal(7, index.LimitOf("q"));
        Assert.Equal(["queue-q", "settings:queue-q", "settings:queues"], index.Limits.Select(limit => limit.Name));
        index.SetRules([]);
        Assert.Equal(2, index.LimitOf("q"));
    }

    private AdmissionIndex Index(int slots)
    {
        var index = new AdmissionIndex(new(), 1, _time);
        index.SetNode("n", slots);
        return index;
    }

    private RunId Offer(AdmissionIndex index, Demand? demand = null, string? node = null)
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var run = RunId.New(_time);
        index.Offer(new(run, "q", _time.GetUtcNow()) { Demand = demand?.ToJson(), Node = node });
        return run;
    }

    private static (WaitCauseKind Kind, string Text) Only(AdmissionIndex index, RunId run) => Assert.Single(index.Explain(run)!.Causes) is var cause ? (cause.Kind, cause.Text) : default;
}
