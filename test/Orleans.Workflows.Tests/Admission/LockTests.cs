using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>Runs that work on the same thing come one after the other, or together where all of them share it.</summary>
public sealed class LockTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AdmissionIndex _index;

    public LockTests()
    {
        _index = new(new(), 3, _time);
        _index.SetNode("n", 10);
    }

    [Fact]
    public void One_holds_a_lock_alone_from_its_grant_until_it_is_told_to_be_over()
    {
        var (first, second) = (Offer("a"), Offer("a"));
        var grant = Take().Single();
        Assert.Equal(first, grant.Run);
        Assert.Equal((WaitCauseKind.Lock, "a", $"lock 'a' is held by {first}"), Cause(second));
        _index.Claim(grant, 1);
        _index.Release(first, 1);
        Assert.Empty(Take());
        Assert.True(_index.Unlock(first, 1));
        Assert.Equal(second, Take().Single().Run);
        Assert.False(_index.Unlock(first, 1));
    }

    [Fact]
    public void Those_who_share_run_together_and_whoever_wants_it_alone_is_not_passed_by_who_comes_after()
    {
        var shared = new[] { Offer("a=shared"), Offer("a=shared") };
        var grants = Take();
        Assert.Equal(shared, grants.Select(grant => grant.Run));
        var (alone, later) = (Offer("a"), Offer("a=shared"));
        Assert.Empty(Take());
        Assert.Equal((WaitCauseKind.Lock, "a", $"lock 'a' is held together by {string.Join(", ", shared.Order())}"), Cause(alone));
        Assert.Equal((WaitCauseKind.Lock, "a", $"lock 'a': run {alone}, which is before it, waits to hold it alone"), Cause(later));
        End(grants[0]);
        Assert.Empty(Take());
        End(grants[1]);
        var only = Take().Single();
        Assert.Equal(alone, only.Run);
        End(only);
        Assert.Equal(later, Take().Single().Run);
    }

    [Fact]
    public void Who_waited_to_hold_it_alone_and_goes_lets_the_others_pass()
    {
        Offer("a=shared");
        Take();
        var (alone, later) = (Offer("a"), Offer("a=shared"));
        Assert.Empty(Take());
        _index.Withdraw(alone);
        Assert.Equal(later, Take().Single().Run);
    }

    [Fact]
    public void All_are_taken_or_none()
    {
        Offer("b");
        var holder = Take().Single();
        var (both, first) = (Offer("a", "b"), Offer("a"));
        var got = Take().Single();
        Assert.Equal(first, got.Run);
        End(holder);
        Assert.Empty(Take());
        End(got);
        Assert.Equal(both, Take().Single().Run);
    }

    [Fact]
    public void A_run_keeps_its_locks_for_its_next_attempt()
    {
        var (first, second) = (Offer("a"), Offer("a"));
        var grant = Take().Single();
        _index.Claim(grant, 1);
        _index.Release(first, 1);
        Assert.True(_index.Offer(new(first, "q", _time.GetUtcNow()) { Demand = Text("a") }));
        var again = Take().Single();
        Assert.Equal(first, again.Run);
        Assert.True(again.Token > grant.Token);
        _index.Return(again);
        Assert.Empty(Take());
        Assert.True(_index.Unlock(first, 1));
        Assert.Equal(second, Take().Single().Run);
    }

    [Fact]
    public void A_grant_that_comes_back_gives_its_locks_back()
    {
        Offer("a");
        var second = Offer("a");
        _index.Return(Take().Single());
        Assert.Equal(second, Take().Single().Run);
    }

    [Fact]
    public void What_is_told_late_of_an_earlier_attempt_frees_nothing_and_what_is_told_before_its_claim_does()
    {
        var (first, second) = (Offer("a"), Offer("a"));
        var grant = Take().Single();
        Assert.False(_index.Unlock(first, 0));
        _index.Claim(grant, 1);
        Assert.Empty(Take());
        Assert.True(_index.Unlock(first, 1));
        var next = Take().Single();
        Assert.Equal(second, next.Run);
        Assert.False(_index.Unlock(second, 1));
        _index.Claim(next, 1);
        Assert.Empty(_index.LockHoldings);
    }

    [Fact]
    public void Who_was_deprived_of_its_locks_while_it_waits_waits_for_them_anew()
    {
        var (first, second) = (Offer("a"), Offer("a"));
        var grant = Take().Single();
        _index.Claim(grant, 1);
        _index.Release(first, 1);
        _index.SetNode("n", 0);
        _time.Advance(TimeSpan.FromSeconds(1));
        _index.Offer(new(first, "q", _time.GetUtcNow()) { Demand = Text("a") });
        _index.Unlock(first, 1);
        _index.SetNode("n", 10);
        Assert.Equal(second, Take().Single().Run);
        Assert.Equal((WaitCauseKind.Lock, "a", $"lock 'a' is held by {second}"), Cause(first));
    }

    [Fact]
    public void What_the_ledger_shows_is_held_and_its_runs_go_on()
    {
        var (holder, other) = (new RunId(Guid.NewGuid()), Offer("a"));
        Assert.True(_index.OccupyLocks(holder, [new("a", holder, 4, "Exclusive", 1, _time.GetUtcNow())]));
        Assert.False(_index.OccupyLocks(holder, [new("a", holder, 4, "Exclusive", 1, _time.GetUtcNow())]));
        _index.Offer(new(holder, "q", _time.GetUtcNow()) { Demand = Text("a") });
        Assert.Equal(holder, Take().Single().Run);
        Assert.Equal(WaitCauseKind.Lock, Cause(other).Kind);
    }

    [Fact]
    public void A_list_shows_holders_by_the_ledger_and_who_has_waited_longest()
    {
        var holder = Offer("a", "b=shared");
        Take();
        var waiters = Enumerable.Range(0, 25).Select(_ => Offer("a")).ToArray();
        LockRow[] rows = [new("a", holder, 1, "Exclusive", 7, _time.GetUtcNow()), new("b", holder, 1, "Shared", 7, _time.GetUtcNow())];
        var locks = _index.DescribeLocks(rows);
        Assert.Equal(["a", "b"], locks.Select(item => item.Name));
        Assert.Equal((holder, LockMode.Exclusive, 7L), (locks[0].Holders.Single().Run, locks[0].Holders.Single().Mode, locks[0].Holders.Single().Token));
        Assert.Equal((25, 0), (locks[0].Waiting, locks[1].Waiting));
        Assert.Equal(waiters[..20], locks[0].Waiters.Select(waiter => waiter.Run));
    }

    [Fact]
    public void Other_limits_and_locks_hold_together()
    {
        _index.SetRule(new("tenants", LimitDimension.Tenant, LimitMeasure.Concurrency, 1));
        var busy = Offer(Demand("b") with { Tenant = "acme" });
        Take();
        var (blocked, shares) = (Offer(Demand("a") with { Tenant = "acme" }), Offer("a=shared"));

        // It waits for its tenant, so it keeps nobody from the lock.
        Assert.Equal(shares, Take().Single().Run);
        Assert.Equal([WaitCauseKind.Limit, WaitCauseKind.Lock], _index.Explain(blocked)!.Causes.Select(cause => cause.Kind));
        Assert.NotEqual(busy, blocked);
        _index.RemoveRule("tenants");
        Assert.Equal(WaitCauseKind.Lock, Cause(blocked).Kind);
        Assert.Empty(Take());
    }

    private RunId Offer(params string[] locks) => Offer(Demand(locks));

    private RunId Offer(Demand demand)
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var run = new RunId(Guid.NewGuid());
        _index.Offer(new(run, "q", _time.GetUtcNow()) { Demand = demand.ToJson() });
        return run;
    }

    private List<Grant> Take() => _index.Take("n");

    private void End(Grant grant)
    {
        _index.Claim(grant, 1);
        _index.Release(grant.Run, 1);
        _index.Unlock(grant.Run, 1);
    }

    private (WaitCauseKind Kind, string? Lock, string Text) Cause(RunId run)
    {
        var cause = Assert.Single(_index.Explain(run)!.Causes);
        return (cause.Kind, cause.Lock, cause.Text);
    }

    private static string Text(params string[] locks) => Demand(locks).ToJson()!;

    private static Demand Demand(params string[] locks) => new()
    {
        Locks = [.. locks.Select(item => item.EndsWith("=shared", StringComparison.Ordinal) ? new LockRequest(item[..^7], LockMode.Shared) : new LockRequest(item, LockMode.Exclusive))],
    };
}
