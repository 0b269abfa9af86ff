using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Circuits;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>Who is held back, until when, and who finds out.</summary>
public sealed class HoldTests
{
    private const int Failures = 4;

    private static readonly TimeSpan BreakTime = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly AdmissionIndex _index;

    public HoldTests()
    {
        _index = new(new() { Circuits = new CircuitOptions { MinimumAttempts = Failures, BreakTime = BreakTime, MaximumBreakTime = 3 * BreakTime } }, epoch: 1, _time);
        _index.SetNode("n", 100);
    }

    public static TheoryData<LimitDimension, string?, string?> Subjects => new()
    {
        { LimitDimension.Service, null, null },
        { LimitDimension.Queue, null, "q" },
        { LimitDimension.Workflow, null, "w" },
        { LimitDimension.Tenant, null, "t" },
        { LimitDimension.Repository, null, "/r" },
        { LimitDimension.Credential, null, "c" },
        { LimitDimension.Model, null, "m" },
        { LimitDimension.Agent, null, "a" },
        { LimitDimension.Label, "env", "prod" },
    };

    [Theory]
    [MemberData(nameof(Subjects))]
    public void Nobody_with_a_held_key_starts_until_it_is_released(LimitDimension dimension, string? label, string? key)
    {
        var demand = new Demand { Workflow = "w", Tenant = "t", Repository = "/r", Credential = "c", Model = "m", Agent = "a", Labels = new() { ["env"] = "prod" } };
        var before = Offer(demand, "q");
        var other = Offer(new() { Tenant = "other" }, "other");
        _index.SetHold(Hold(dimension, label, key));
        var after = Offer(demand, "q");
        RunId[] free = dimension is LimitDimension.Service ? [] : [other];
        Assert.Equal(free, Take());
        Assert.Equal([before, after], Waiting(before, after));
        Assert.Equal(free.Length == 0 ? 3 : 2, Assert.Single(_index.Holds).Waiting);
        var cause = Assert.Single(_index.Explain(before)!.Causes);
        Assert.Equal(WaitCauseKind.Hold, cause.Kind);
        Assert.Equal($"the hold on {cause.Hold!.Name} by ann: for a test", cause.Text);

        Assert.NotNull(_index.ReleaseHold(HoldSubject.Of(dimension, label, key)));
        Assert.Equal([before, .. free.Length == 0 ? [other] : Array.Empty<RunId>(), after], Take());
        Assert.Empty(_index.Holds);
    }

    [Fact]
    public void Of_runs_in_one_lane_only_those_with_the_key_are_held()
    {
        // No limit is about tenants, so these wait in one line.
        var (a, b, c) = (Offer(new() { Tenant = "a" }), Offer(new() { Tenant = "b" }), Offer(new() { Tenant = "a" }));
        _index.SetHold(Hold(LimitDimension.Tenant, null, "a"));
        Assert.Equal([b], Take());
        _index.ReleaseHold(HoldSubject.Of(LimitDimension.Tenant, null, "a"));
        Assert.Equal([a, c], Take());
    }

    [Fact]
    public void A_held_node_gets_nobody_and_whoever_needs_it_waits()
    {
        _index.SetNode("m", 100);
        _index.SetHold(Hold(LimitDimension.Node, null, "n"));
        var (bound, free) = (RunId.New(_time), RunId.New(_time));
        _index.Offer(new(bound, "q", _time.GetUtcNow()) { Node = "n" });
        _index.Offer(new(free, "q", _time.GetUtcNow()));
        Assert.Equal([("m", free)], _index.Take(["n", "m"]).Select(taken => (taken.Node, taken.Grant.Run)));
        Assert.Equal("node n holds its session and workspace, and is held by ann: for a test", Assert.Single(_index.Explain(bound)!.Causes).Text);
        _index.ReleaseHold(HoldSubject.Of(LimitDimension.Node, null, "n"));
        Assert.Equal([("n", bound)], _index.Take(["n", "m"]).Select(taken => (taken.Node, taken.Grant.Run)));
    }

    [Fact]
    public void A_hold_with_an_end_lets_go_then()
    {
        var run = Offer(new());
        _index.SetHold(Hold(LimitDimension.Service) with { Until = _time.GetUtcNow() + BreakTime });
        Assert.Equal(_time.GetUtcNow() + BreakTime, _index.OpensAt);
        _time.Advance(BreakTime - TimeSpan.FromTicks(1));
        Assert.Empty(Take());
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([run], Take());
        Assert.Null(_index.OpensAt);
    }

    [Fact]
    public void A_reset_time_holds_the_credential_and_nobody_else()
    {
        var limited = Start(new() { Credential = "c" });
        var (same, other) = (Offer(new() { Credential = "c" }), Offer(new() { Credential = "d" }));
        var reset = _time.GetUtcNow() + TimeSpan.FromHours(5);
        _index.Find(new(limited, 1) { Failed = Dependency.Credential, Until = reset, Text = "the 5-hour limit" });
        _index.Release(limited, 1);
        Assert.Equal([other], Take());
        var hold = Assert.Single(_index.Holds);
        Assert.Equal((HoldSource.RateLimit, reset, "the 5-hour limit", 1), (hold.Source, hold.Spec.Until, hold.Spec.Reason, hold.Waiting));
        Assert.Single(_index.TakeNewHolds());
        _time.Advance(TimeSpan.FromHours(5));
        Assert.Equal([same], Take());
        Assert.Empty(_index.Holds);
    }

    [Fact]
    public void A_person_s_hold_outlasts_what_the_service_finds()
    {
        _index.SetHold(Hold(LimitDimension.Credential, null, "c"));
        var run = Occupy(new() { Credential = "c" });
        _index.Find(new(run, 1) { Failed = Dependency.Credential, Until = _time.GetUtcNow() + BreakTime });
        _index.Release(run, 1);
        Offer(new() { Credential = "c" });
        _time.Advance(BreakTime);
        Assert.Empty(Take());
        Assert.Equal(HoldSource.Operator, Assert.Single(_index.Holds).Source);
        Assert.False(_index.HasNewHolds);
    }

    [Fact]
    public void A_circuit_opens_by_failures_of_what_others_need_too_and_closes_by_one_probe()
    {
        Fail(Failures - 1);
        Assert.Empty(_index.Holds);
        Fail(1);
        var hold = Assert.Single(_index.Holds);
        Assert.Equal((HoldSource.Breaker, "model 'm'", _time.GetUtcNow() + BreakTime), (hold.Source, hold.Name, hold.Spec.Until));

        var waiting = Enumerable.Range(0, 5).Select(_ => Offer(new() { Model = "m", Agent = "a" })).ToArray();
        Assert.Equal([Offer(new() { Model = "other", Agent = "a" })], Take());
        _time.Advance(BreakTime);
        var probe = Assert.Single(Take());
        Assert.True(_index.IsProbing);
        Assert.Equal(probe, Assert.Single(_index.Holds).Probe);
        Assert.Contains($"on which run {probe} tries first", Assert.Single(_index.Explain(waiting[1])!.Causes).Text, StringComparison.Ordinal);

        // Its model has answered: the others need not wait for its end.
        _index.Find(new(probe, 1));
        Assert.Equal(waiting[1..], Take());
        Assert.Empty(_index.Holds);
    }

    [Fact]
    public void A_probe_that_fails_too_doubles_the_time_up_to_its_bound()
    {
        Fail(Failures);
        foreach (var expected in new[] { 2, 3, 3 })
        {
            _time.Advance(Assert.Single(_index.Holds).Spec.Until!.Value - _time.GetUtcNow());
            Fail(1);
            Assert.Equal(_time.GetUtcNow() + (expected * BreakTime), Assert.Single(_index.Holds).Spec.Until);
        }
    }

    [Fact]
    public void A_probe_that_finds_nothing_out_gives_way_to_the_next()
    {
        Fail(Failures);
        _time.Advance(BreakTime);
        var (first, second) = (Offer(new() { Model = "m", Agent = "a" }), Offer(new() { Model = "m", Agent = "a" }));
        Assert.Equal([first], Take());
        Assert.Empty(Take());
        _index.Release(first, 1);
        Assert.Equal([second], Take());
    }

    [Fact]
    public void Failures_among_many_successes_open_nothing_and_a_failure_counts_once()
    {
        for (var i = 0; i < 20; i++)
        {
            var run = Start(new() { Model = "m", Agent = "a" });
            _index.Find(new(run, 1) { Failed = i % 4 == 0 ? Dependency.Model : null });
            _index.Release(run, 1);
        }

        Assert.Empty(_index.Holds);
        var repeated = Start(new() { Model = "x", Agent = "a" });
        for (var i = 0; i < 2 * Failures; i++)
        {
            _index.Find(new(repeated, 1) { Failed = Dependency.Model });
        }

        Assert.Empty(_index.Holds);
    }

    [Fact]
    public void A_person_who_releases_an_open_circuit_lets_all_start_and_it_counts_anew()
    {
        Fail(Failures);
        var waiting = Enumerable.Range(0, 3).Select(_ => Offer(new() { Model = "m", Agent = "a" })).ToArray();
        _index.ReleaseHold(HoldSubject.Of(LimitDimension.Model, null, "m"));
        Assert.Equal(waiting, Take());
        Fail(Failures - 1);
        Assert.Empty(_index.Holds);
        Fail(1);
        Assert.Single(_index.Holds);
    }

    [Fact]
    public void Failures_of_the_agent_s_own_model_are_the_agent_s()
    {
        for (var i = 0; i < Failures; i++)
        {
            var run = Start(new() { Agent = "a" });
            _index.Find(new(run, 1) { Failed = Dependency.Model, Text = "529" });
            _index.Release(run, 1);
        }

        Assert.Equal("agent 'a'", Assert.Single(_index.Holds).Name);
    }

    private static HoldRule Hold(LimitDimension dimension, string? label = null, string? key = null) =>
        new(HoldSubject.Of(dimension, label, key), HoldSource.Operator, "for a test", "ann", DateTimeOffset.UnixEpoch, null);

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            // Some had started before.
            var run = Occupy(new() { Model = "m", Agent = "a" });
            _index.Find(new(run, 1) { Failed = Dependency.Model, Text = "overloaded" });
            _index.Release(run, 1);
        }
    }

    private RunId Start(Demand demand)
    {
        var run = Offer(demand);
        Assert.Equal([run], Take());
        return run;
    }

    private RunId Occupy(Demand demand)
    {
        var run = RunId.New(_time);
        Assert.True(_index.Occupy(run, 1, "q", "n", demand.ToJson()));
        return run;
    }

    private RunId Offer(Demand demand, string queue = "q")
    {
        var run = RunId.New(_time);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_index.Offer(new(run, queue, _time.GetUtcNow()) { Demand = demand.ToJson() }));
        return run;
    }

    private RunId[] Take()
    {
        var grants = _index.Take("n");
        grants.ForEach(grant => _index.Claim(grant, 1));
        return [.. grants.Select(grant => grant.Run)];
    }

    private RunId[] Waiting(params RunId[] runs) => [.. runs.Where(run => _index.PositionOf(run) is not null)];
}
