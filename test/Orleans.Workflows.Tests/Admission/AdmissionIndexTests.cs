using CsCheck;
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

        Assert.Equal(runs[..3], index.Take("n", 1, Start).Select(grant => grant.Run));
        Assert.Equal(1, index.PositionOf(runs[3]));
        index.Release(runs[1]);
        Assert.Equal([runs[3]], index.Take("n", 1, Start).Select(grant => grant.Run));
    }

    [Fact]
    public void A_full_queue_does_not_hold_up_another()
    {
        var index = Index(slots: 10);
        index.SetLimit("a", 1);
        var first = Offer(index, "a", 3);
        var second = Offer(index, "b", 2);

        Assert.Equal([first[0], second[0], second[1]], index.Take("n", 1, Start).Select(grant => grant.Run));
        Assert.False(index.CanTake("n"));
    }

    [Fact]
    public void A_withdrawn_run_is_never_granted()
    {
        var index = Index(slots: 10);
        var runs = Offer(index, "a", 3);
        index.Withdraw(runs[0]);
        index.Withdraw(runs[2]);

        Assert.Equal([runs[1]], index.Take("n", 1, Start).Select(grant => grant.Run));
    }

    [Fact]
    public void A_run_offered_twice_or_while_it_holds_a_slot_waits_once()
    {
        var index = Index(slots: 1);
        var run = Offer(index, "a", 1)[0];
        Assert.False(index.Offer(new(run, "a", Start)));
        index.Take("n", 1, Start);
        Assert.False(index.Offer(new(run, "a", Start)));
        index.Release(run);
        Assert.Equal(0, index.Waiting);
    }

    [Fact]
    public void A_grant_counts_as_unclaimed_until_it_is_claimed()
    {
        var index = Index(slots: 1);
        var run = Offer(index, "a", 1)[0];
        index.Take("n", 1, Start);
        Assert.True(index.HasUnclaimedGrant(Start.AddSeconds(11)));
        index.Claimed(run);
        Assert.False(index.HasUnclaimedGrant(Start.AddSeconds(11)));
    }

    /// <summary>Whatever is said in whatever order and how often: no limit is exceeded, and nobody who could start is left out.</summary>
    [Fact]
    public void No_sequence_of_events_exceeds_a_limit_or_forgets_a_run()
    {
        var ids = Enumerable.Range(0, 12).Select(_ => new RunId(Guid.NewGuid())).ToArray();
        var step = Gen.Select(Gen.Int[0, 6], Gen.Int[0, ids.Length - 1], Gen.Int[0, 1], Gen.Int[0, 3]);
        step.List[1, 200].Sample(steps =>
        {
            var index = new AdmissionIndex(new());
            var limits = new Dictionary<string, int> { ["q0"] = 2, ["q1"] = 3 };
            var slots = new Dictionary<string, int> { ["n0"] = 2, ["n1"] = 2 };
            foreach (var (queue, limit) in limits)
            {
                index.SetLimit(queue, limit);
            }

            foreach (var (node, count) in slots)
            {
                index.SetNode(node, count);
            }

            var held = new Dictionary<RunId, (string Queue, string Node)>();
            var waiting = new Dictionary<RunId, string>();
            foreach (var (kind, who, where, number) in steps)
            {
                var run = ids[who];
                var queue = "q" + (who % 2);
                var node = "n" + where;
                switch (kind)
                {
                    case 0 or 1:
                        if (index.Offer(new(run, queue, Start.AddSeconds(number))))
                        {
                            Assert.False(held.ContainsKey(run));
                            waiting.Add(run, queue);
                        }

                        break;
                    case 2 or 3:
                        foreach (var grant in index.Take(node, 1, Start))
                        {
                            Assert.True(waiting.Remove(grant.Run));
                            held.Add(grant.Run, (grant.Queue, node));
                        }

                        Assert.False(index.CanTake(node));
                        break;
                    case 4:
                        index.Release(run);
                        held.Remove(run);
                        break;
                    case 5:
                        index.Withdraw(run);
                        waiting.Remove(run);
                        break;
                    case 6:
                        index.Claimed(run);
                        break;
                }

                Assert.Equal(waiting.Count, index.Waiting);
                foreach (var (name, limit) in limits)
                {
                    Assert.True(held.Values.Count(slot => slot.Queue == name) <= limit);
                }

                foreach (var (name, count) in slots)
                {
                    Assert.True(held.Values.Count(slot => slot.Node == name) <= count);
                }
            }
        });
    }

    private static AdmissionIndex Index(int slots)
    {
        var index = new AdmissionIndex(new());
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
