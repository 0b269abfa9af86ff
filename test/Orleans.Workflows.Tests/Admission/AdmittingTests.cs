using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>Which new runs may wait at all, and when those that may not should come again.</summary>
public sealed class AdmittingTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AdmissionIndex _index;

    public AdmittingTests()
    {
        _index = new(new(), 1, _time);
        _index.SetNode("n", 0);
    }

    [Fact]
    public void Without_a_limit_that_refuses_everyone_may_wait_and_nobody_needs_to_ask()
    {
        _index.SetRule(new("running", LimitDimension.Service, LimitMeasure.Concurrency, 0));
        Assert.False(_index.MayRefuse);
        Assert.Null(Admit("a").Failure);
    }

    [Fact]
    public void So_many_wait_counting_those_whose_offer_is_on_its_way()
    {
        Limit(2);
        Assert.True(_index.MayRefuse);
        var (first, _) = Admit("a");
        var (second, _) = Admit("a");
        var refused = Admit("a").Failure!;
        Assert.Equal((FailureKind.Exhausted, "limit_reached", true), (refused.Kind, refused.Code, refused.Retryable));
        Assert.Contains("limit 'backlog': 2 of 2 waiting for tenant 'a'", refused.Message, StringComparison.Ordinal);
        Assert.Null(Admit("b").Failure);

        // Offered or asked for again, it is the same run.
        Offer(first, "a");
        Assert.Null(_index.Admit(first, "q", Text("a")));
        Assert.Null(_index.Admit(second, "q", Text("a")));
        Assert.NotNull(Admit("a").Failure);
        _index.Withdraw(first);
        Assert.Null(Admit("a").Failure);
        Assert.NotNull(Admit("a").Failure);
    }

    [Fact]
    public void A_place_is_kept_for_some_seconds_only()
    {
        Limit(1);
        Admit("a");
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.NotNull(Admit("a").Failure);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        var (late, failure) = Admit("a");
        Assert.Null(failure);

        // Its offer is taken whenever it comes: it is durable.
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(Admit("a").Failure);
        Assert.True(Offer(late, "a"));
    }

    [Fact]
    public void Who_starts_makes_room_and_the_time_to_come_again_is_as_fast_as_that_happened()
    {
        Limit(10);
        for (var i = 0; i < 10; i++)
        {
            Offer(Admit("a").Run, "a");
        }

        Assert.Equal(TimeSpan.FromSeconds(30), Admit("a").Failure!.RetryAfter);
        for (var i = 1; i <= 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(4));
            _index.SetNode("n", i);
            Assert.Single(_index.Take("n"));
            Offer(Admit("a").Run, "a");
        }

        // Five in the 16 s since the first of them, and one who was refused comes again before.
        Assert.Equal(TimeSpan.FromSeconds(16) / 5 * 2, Admit("a").Failure!.RetryAfter);
        _time.Advance(TimeSpan.FromSeconds(84));
        Assert.Equal(TimeSpan.FromSeconds(20), Admit("a").Failure!.RetryAfter);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.FromMinutes(10), Admit("a").Failure!.RetryAfter);
    }

    [Fact]
    public void Those_who_are_refused_together_are_told_to_come_one_after_the_other_as_many_as_may_wait()
    {
        Limit(3);
        _index.SetNode("n", 100);
        for (var i = 0; i < 3; i++)
        {
            Offer(Admit("a").Run, "a");
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.Single(_index.Take("n"));
        }

        _index.SetNode("n", 0);
        for (var i = 0; i < 3; i++)
        {
            Offer(Admit("a").Run, "a");
        }

        // Three in the 4 s since the first of them, and 2 s since the last.
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([2, 4, 6, 8, 8], Enumerable.Range(0, 5).Select(_ => Admit("a").Failure!.RetryAfter!.Value.TotalSeconds));
    }

    [Fact]
    public void A_limit_that_rejects_refuses_whoever_would_have_to_wait_for_it()
    {
        _index.SetRule(new("running", LimitDimension.Tenant, LimitMeasure.Concurrency, 1) { Rejects = true });
        _index.SetRule(new("starts", LimitDimension.Service, LimitMeasure.Starts, 2) { Period = TimeSpan.FromSeconds(60), Rejects = true });
        _index.SetNode("n", 10);
        Offer(Admit("a").Run, "a");
        Assert.Contains("'running'", Admit("a").Failure!.Message, StringComparison.Ordinal);
        var grant = Assert.Single(_index.Take("n"));
        Assert.Contains("1 of 1 running", Admit("a").Failure!.Message, StringComparison.Ordinal);
        Offer(Admit("b").Run, "b");
        _index.Take("n");
        var rate = Admit("c").Failure!;
        Assert.Contains("'starts': 2 of 2 starts in 60 s", rate.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(60), rate.RetryAfter);
        _time.Advance(TimeSpan.FromSeconds(60));
        _index.Return(grant);
        Assert.Null(Admit("a").Failure);
    }

    [Fact]
    public void Other_rules_free_no_place()
    {
        _index.SetRule(new("running", LimitDimension.Service, LimitMeasure.Concurrency, 1) { Rejects = true });
        _index.SetNode("n", 1);
        Offer(Admit("a").Run, "a");
        _index.Take("n");
        _time.Advance(TimeSpan.FromSeconds(5));
        _index.SetRule(new("tenants", LimitDimension.Tenant, LimitMeasure.Concurrency, 5));
        Assert.Equal(TimeSpan.FromSeconds(30), Admit("a").Failure!.RetryAfter);
    }

    [Fact]
    public void A_limit_that_comes_counts_who_waits_already_and_one_that_goes_refuses_nobody()
    {
        Offer(new(Guid.NewGuid()), "a");
        var (expected, _) = Admit("a");
        Limit(2);
        Assert.Equal(2, Assert.Single(Assert.Single(_index.Limits).Uses).Used);
        Assert.NotNull(Admit("a").Failure);
        Offer(expected, "a");
        Assert.NotNull(Admit("a").Failure);
        _index.RemoveRule("backlog");
        Assert.False(_index.MayRefuse);
        Assert.Null(Admit("a").Failure);
    }

    private void Limit(int waiting) => _index.SetRule(new("backlog", LimitDimension.Tenant, LimitMeasure.Waiting, waiting) { Rejects = true });

    private (RunId Run, Failure? Failure) Admit(string tenant)
    {
        var run = new RunId(Guid.NewGuid());
        return (run, _index.Admit(run, "q", Text(tenant)));
    }

    private bool Offer(RunId run, string tenant) => _index.Offer(new(run, "q", _time.GetUtcNow()) { Demand = Text(tenant) });

    private static string? Text(string tenant) => new Demand { Tenant = tenant }.ToJson();
}
