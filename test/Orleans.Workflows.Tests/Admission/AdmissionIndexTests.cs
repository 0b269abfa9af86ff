using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission;

public sealed class AdmissionIndexTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Runs_of_a_queue_start_in_the_order_they_joined()
    {
        var index = Index(slots: 3);
        var runs = Offer(index, "a", 5);

        var grants = index.Take("n");
        Assert.Equal(runs[..3], grants.Select(grant => grant.Run));
        Assert.Equal(1, index.PositionOf(runs[3]));
        index.Return(grants[1]);
        Assert.Equal([runs[3]], index.Take("n").Select(grant => grant.Run));
    }

    [Fact]
    public void A_run_whose_grant_was_given_back_keeps_its_place()
    {
        var index = Index(slots: 1);
        var runs = Offer(index, "a", 3);
        var grant = Assert.Single(index.Take("n"));
        index.Return(grant);
        index.Offer(new(grant.Run, grant.Queue, grant.QueuedAt));

        Assert.Equal(1, index.PositionOf(runs[0]));
        Assert.Equal(runs[0], Assert.Single(index.Take("n")).Run);
    }

    [Fact]
    public void A_full_queue_does_not_hold_up_another()
    {
        var index = Index(slots: 10);
        index.SetLimit("a", 1);
        var first = Offer(index, "a", 3);
        var second = Offer(index, "b", 2);

        Assert.Equal([first[0], .. second], index.Take("n").Select(grant => grant.Run).ToHashSet());
        Assert.False(index.CanTake("n"));
    }

    [Fact]
    public void A_later_attempt_of_a_run_gives_the_earlier_ones_slot_back()
    {
        var index = Index(slots: 1);
        var run = RunId.New(TimeProvider.System);
        Assert.True(index.Occupy(run, 1, "a", "n"));
        Offer(index, "a", 1);
        Assert.False(index.CanTake("n"));

        Assert.True(index.Occupy(run, 2, "a", "m"));
        Assert.True(index.CanTake("n"));
        Assert.False(index.Occupy(run, 1, "a", "n"));
        Assert.True(index.CanTake("n"));
    }

    [Fact]
    public void A_withdrawn_run_is_never_granted()
    {
        var index = Index(slots: 10);
        var runs = Offer(index, "a", 3);
        index.Withdraw(runs[0]);
        index.Withdraw(runs[2]);

        Assert.Equal([runs[1]], index.Take("n").Select(grant => grant.Run));
    }

    [Fact]
    public void A_run_offered_twice_or_while_it_holds_a_slot_waits_once()
    {
        var index = Index(slots: 1);
        var run = Offer(index, "a", 1)[0];
        Assert.False(index.Offer(new(run, "a", Start)));
        var grant = Assert.Single(index.Take("n"));
        Assert.False(index.Offer(new(run, "a", Start)));
        index.Return(grant);
        Assert.Equal(0, index.Waiting);
    }

    [Fact]
    public void A_grant_counts_as_unclaimed_until_it_is_claimed()
    {
        var time = new FakeTimeProvider();
        var index = new AdmissionIndex(new(), 1, time);
        index.SetNode("n", 1);
        Offer(index, "a", 2);
        var first = Assert.Single(index.Take("n"));
        var granted = time.GetTimestamp();
        time.Advance(TimeSpan.FromSeconds(1));
        index.SetNode("n", 2);
        var second = Assert.Single(index.Take("n"));
        Assert.Equal(granted, index.OldestUnclaimed);
        index.Claim(first, 1);
        Assert.Equal(time.GetTimestamp(), index.OldestUnclaimed);
        index.Claim(second, 1);
        Assert.Null(index.OldestUnclaimed);
    }

    [Fact]
    public void A_void_grant_that_is_returned_or_claimed_late_leaves_the_newer_grant_s_slot_alone()
    {
        var run = new RunId(Guid.NewGuid());
        var older = Index(slots: 1, epoch: 5);
        older.Offer(new(run, "a", Start));
        var stale = Assert.Single(older.Take("n"));
        var index = Index(slots: 1, epoch: 6);
        index.Offer(new(run, "a", Start));
        var grant = Assert.Single(index.Take("n"));

        index.Return(stale);
        index.Claim(stale, 1);
        Assert.NotNull(index.OldestUnclaimed);
        index.Claim(grant, 1);
        index.Return(stale);
        Offer(index, "a", 1);
        Assert.False(index.CanTake("n"));
    }

    [Fact]
    public void A_return_that_is_told_again_leaves_the_next_grant_of_the_same_epoch_alone()
    {
        var index = Index(slots: 1);
        var run = Offer(index, "a", 1)[0];
        var first = Assert.Single(index.Take("n"));
        index.Return(first);
        index.Offer(new(run, "a", Start));
        index.Take("n");
        index.Return(first);
        Offer(index, "a", 1);
        Assert.False(index.CanTake("n"));
    }

    [Fact]
    public void An_end_that_is_told_again_leaves_the_slot_of_the_next_attempt_alone()
    {
        var index = Index(slots: 1);
        var run = Offer(index, "a", 1)[0];
        index.Claim(Assert.Single(index.Take("n")), 1);
        index.Release(run, 1);
        index.Offer(new(run, "a", Start));
        var second = Assert.Single(index.Take("n"));
        Offer(index, "a", 1);

        index.Release(run, 1);
        Assert.False(index.CanTake("n"));
        index.Claim(second, 2);
        index.Release(run, 1);
        Assert.False(index.CanTake("n"));
        index.Release(run, 2);
        Assert.True(index.CanTake("n"));
    }

    [Fact]
    public void An_end_that_is_told_before_its_claim_frees_the_slot_with_the_claim()
    {
        var index = Index(slots: 1);
        var run = Offer(index, "a", 2)[0];
        var grant = Assert.Single(index.Take("n"));
        index.Release(run, 1);
        Assert.False(index.CanTake("n"));
        index.Claim(grant, 1);
        Assert.True(index.CanTake("n"));
    }

    [Fact]
    public void A_run_whose_session_is_on_a_node_waits_for_that_node_and_holds_up_nobody()
    {
        var index = Index(slots: 1);
        index.SetNode("m", 1);
        var bound = new RunId(Guid.NewGuid());
        index.Offer(new(bound, "a", Start.AddDays(-1)) { Node = "m" });
        var free = Offer(index, "a", 1)[0];

        Assert.Equal(2, index.PositionOf(free));
        Assert.Equal(free, Assert.Single(index.Take("n")).Run);
        Assert.Equal(["m"], index.Wanted);
        var grant = Assert.Single(index.Take("m"));
        Assert.Equal((bound, "m"), (grant.Run, grant.Node));
        Assert.Empty(index.Wanted);
    }

    [Fact]
    public void The_runs_of_a_lost_node_start_anywhere_until_it_reports_again()
    {
        var index = Index(slots: 10);
        var runs = Enumerable.Range(0, 3).Select(_ => new RunId(Guid.NewGuid())).ToArray();
        index.Offer(new(runs[0], "a", Start) { Node = "m" });
        Assert.False(index.CanTake("n"));
        Assert.True(index.Lose("m"));
        Assert.False(index.Lose("m"));
        index.Offer(new(runs[1], "a", Start.AddSeconds(1)) { Node = "m" });
        Assert.Equal(runs[..2], index.Take("n").Select(grant => grant.Run));

        index.SetNode("m", 0);
        index.Offer(new(runs[2], "a", Start) { Node = "m" });
        Assert.False(index.CanTake("n"));
    }

    [Theory]
    [InlineData(4, 4, 6, 3)]
    [InlineData(2, 4, 3, 1)]
    [InlineData(1, 9, 5, 1)]
    [InlineData(4, 4, 20, 4)]
    public void Runs_are_spread_over_the_nodes_that_ask_by_their_share_of_free_slots(int slots, int others, int runs, int expected)
    {
        var index = Index(slots);
        index.SetNode("m", others);
        Offer(index, "a", runs);
        var taken = index.Take(["n", "m"]);
        Assert.Equal(Math.Min(runs, slots + others), taken.Count);
        Assert.Equal(expected, taken.Count(grant => grant.Node == "n"));
        Assert.Equal("n", taken[0].Node);
    }

    private static AdmissionIndex Index(int slots, long epoch = 1)
    {
        var index = new AdmissionIndex(new(), epoch, TimeProvider.System);
        index.SetNode("n", slots);
        return index;
    }

    private static RunId[] Offer(AdmissionIndex index, string queue, int count)
    {
        var runs = Enumerable.Range(0, count).Select(_ => new RunId(Guid.NewGuid())).ToArray();
        foreach (var (run, i) in runs.Select((run, i) => (run, i)))
        {
            index.Offer(new(run, queue, Start.AddSeconds(i)));
        }

        return runs;
    }
}
