using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission.Spending;

public sealed class SpendingTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AdmissionIndex _index;

    public SpendingTests()
    {
        _index = new(new() { ReservedTokens = 100, ReservedCostUsd = 2 }, 1, _time, agent => agent == "silent");
        _index.SetNode("n", 100);
    }

    [Fact]
    public void Starts_reserve_what_runs_like_them_used_and_settle_by_what_they_use()
    {
        Put(LimitMeasure.Tokens, 1_000);
        Offer(12);
        Assert.Equal(10, Start().Count);
        Assert.Equal((0, 1_000), Use());
        Tell(_grants[0], tokens: 40, ended: true);
        Assert.Equal((40, 900), Use());

        // The next is like it, and asks for no more than it used: it fits.
        Assert.Single(Start());
        Assert.Equal((40, 940), Use());
        Assert.Empty(Start());
    }

    [Fact]
    public void A_long_run_counts_as_it_goes_and_what_it_used_long_ago_no_more()
    {
        Put(LimitMeasure.Tokens, 1_000);
        Offer(1);
        var run = Assert.Single(Start());
        Tell(run, tokens: 70);
        Assert.Equal((70, 30), Use());
        Tell(run, tokens: 600);
        Assert.Equal((600, 0), Use());
        _time.Advance(Period);
        Tell(run, tokens: 650);
        _time.Advance(Period / 100);
        Assert.Equal((50, 0), Use());
    }

    [Fact]
    public void What_stays_unknown_counts_as_it_was_reserved_and_what_was_never_granted_not_at_all()
    {
        Put(LimitMeasure.CostUsd, 100);
        Offer(3);
        var grants = _index.Take("n");
        Assert.Equal((0, 6), Use());
        _index.Claim(grants[0], 1);
        _index.Claim(grants[1], 1);
        Tell(grants[0], cost: 0.5m);
        Tell(grants[0], ended: true);
        _index.Return(grants[2]);
        Assert.Equal((2, 2), Use());
    }

    [Fact]
    public void A_run_that_asks_for_more_than_all_starts_alone_and_what_it_uses_beyond_keeps_others_waiting()
    {
        Put(LimitMeasure.CostUsd, 5);
        Offer(1, budget: 1);
        Offer(1, budget: 20);
        Assert.Single(Start());
        Assert.Empty(Start());
        Tell(_grants[0], cost: 0, ended: true);
        var big = Assert.Single(Start());
        Offer(1, budget: 1);
        Tell(big, cost: 20);
        Assert.Empty(Start());
        Tell(big, cost: 20, ended: true);
        Assert.Empty(Start());
        _time.Advance(_index.OpensIn!.Value);
        Assert.Single(Start());
    }

    [Fact]
    public void A_budget_bounds_what_is_reserved_and_an_agent_that_never_tells_reserves_nothing()
    {
        Put(LimitMeasure.CostUsd, 1);
        Offer(1, budget: 0.25m);
        Offer(3, agent: "silent");
        Assert.Equal(4, Start().Count);
        Assert.Equal((0, 0.25m), Use());
        Tell(_grants[0], cost: 1, ended: true);
        Offer(1, agent: "silent");
        Assert.Empty(Start());
    }

    [Fact]
    public void Who_waits_is_told_what_is_used_and_reserved_and_when_there_is_room()
    {
        Put(LimitMeasure.CostUsd, 3);
        Offer(1);
        Tell(Assert.Single(Start()), cost: 2.5m, ended: true);
        Offer(1);
        Assert.Empty(Start());
        var cause = Assert.Single(_index.Explain(_runs[^1])!.Causes);
        Assert.Equal("limit 'l': 2.5 of 3 USD used in 100 s for the whole service, 0 reserved by who runs; it would reserve 2.5; there is room in 100 s", cause.Text);
        Assert.Equal((2.5m, 0m, 2.5m), (cause.Use!.Used, cause.Use.Reserved, cause.Use.Asks));
        Assert.NotNull(_index.OpensAt);
    }

    [Fact]
    public void A_limit_that_refuses_says_when_to_come_again()
    {
        _index.SetRule(Rule(LimitMeasure.CostUsd, 3) with { Rejects = true });
        Assert.Null(_index.Admit(new(Guid.NewGuid()), "q", Demand()));
        var refused = _index.Admit(new(Guid.NewGuid()), "q", Demand());
        Assert.Equal("limit_reached", refused!.Code);
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
    }

    [Fact]
    public void A_limit_that_comes_later_or_changes_counts_what_is_known_already()
    {
        Put(LimitMeasure.CostUsd, 50);
        Offer(1);
        Tell(Assert.Single(Start()), cost: 4, ended: true);
        Offer(1);
        Start();
        _index.SetRule(Rule(LimitMeasure.CostUsd, 9) with { Name = "m", Dimension = LimitDimension.Queue, Key = "q" });
        var use = Assert.Single(_index.Limits.Single(limit => limit.Name == "m").Uses);
        Assert.Equal((4, 4), (use.Used, use.Reserved));
        _index.RemoveRule("l");
        _index.RemoveRule("m");
        Assert.False(_index.CountsUsage);
        Offer(1);
        Assert.Single(Start());
    }

    [Fact]
    public void An_end_that_is_told_before_the_claim_counts_once()
    {
        Put(LimitMeasure.CostUsd, 50);
        Offer(1);
        var grant = Assert.Single(_index.Take("n"));
        _index.Spend(Usage(grant, null, 3, ended: true));
        _index.Release(grant.Run, 1);
        _index.Claim(grant, 1);
        Assert.Equal((3, 0), Use());
    }

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(100);

    private readonly List<RunId> _runs = [];
    private readonly List<Grant> _grants = [];

    private void Put(LimitMeasure measure, decimal value) => _index.SetRule(Rule(measure, value));

    private static LimitRule Rule(LimitMeasure measure, decimal value) => new("l", LimitDimension.Service, measure, value) { Period = Period };

    private static string? Demand(decimal? budget = null, string? agent = null) => new Demand { Workflow = agent is null ? "w" : "s", Agent = agent, BudgetUsd = budget }.ToJson();

    private void Offer(int count, decimal? budget = null, string? agent = null)
    {
        for (var i = 0; i < count; i++)
        {
            _time.Advance(TimeSpan.FromTicks(1));
            _runs.Add(new(Guid.NewGuid()));
            _index.Offer(new(_runs[^1], "q", _time.GetUtcNow()) { Demand = Demand(budget, agent) });
        }
    }

    private List<Grant> Start()
    {
        var grants = _index.Take("n");
        grants.ForEach(grant => _index.Claim(grant, 1));
        _grants.AddRange(grants);
        return grants;
    }

    private void Tell(Grant grant, long? tokens = null, decimal? cost = null, bool ended = false)
    {
        _index.Spend(Usage(grant, tokens, cost, ended));
        if (ended)
        {
            _index.Release(grant.Run, 1);
        }
    }

    private static AttemptUsage Usage(Grant grant, long? tokens, decimal? cost, bool ended) => new(grant.Run, 1) { Queue = "q", Demand = grant.Demand, Tokens = tokens, CostUsd = cost, HasEnded = ended };

    private (decimal Used, decimal? Reserved) Use() => Assert.Single(_index.Limits.Single().Uses) is var use ? (use.Used, use.Reserved) : default;
}
