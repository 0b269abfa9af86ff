using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>Who is next: by priority, which grows with the wait, then by turns, then first come, first served.</summary>
public sealed class OrderTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AdmissionOptions _options = new() { PriorityAging = TimeSpan.FromMinutes(1) };
    private readonly Dictionary<RunId, string> _names = [];

    [Fact]
    public void A_higher_priority_is_first_and_equal_ones_are_first_in_first_out()
    {
        var index = Index();
        Offer(index, "low", 5);
        Offer(index, "usual", 3);
        Offer(index, "usual too", 3);
        Offer(index, "high", 1);
        Assert.Equal(["high", "usual", "usual too", "low"], Take(index, 4));
    }

    [Fact]
    public void One_who_waits_rises_a_level_each_step_and_is_then_before_whoever_came_later()
    {
        var index = Index();
        Offer(index, "low", 5);
        _time.Advance(TimeSpan.FromMinutes(4) - TimeSpan.FromMilliseconds(1));
        Offer(index, "high", 1);
        Offer(index, "second", 2);
        Assert.Equal(["high"], Take(index, 1));
        Assert.Equal(["low"], Take(index, 1));

        Offer(index, "usual", 3);
        _time.Advance(TimeSpan.FromMinutes(2));
        Offer(index, "high again", 1);
        Assert.Equal(["second", "usual", "high again"], Take(index, 3));
    }

    [Fact]
    public void Without_aging_nobody_rises()
    {
        _options.PriorityAging = TimeSpan.Zero;
        var index = Index();
        Offer(index, "low", 5);
        _time.Advance(TimeSpan.FromDays(365));
        Offer(index, "high", 1);
        Assert.Equal(["high", "low"], Take(index, 2));
    }

    [Fact]
    public void Keys_take_turns_by_their_weights_however_many_each_has()
    {
        _options.FairnessWeights["heavy"] = 3;
        var index = Index();
        Offer(index, "light", 3, "light", 400);
        Offer(index, "none", 3, null, 400);
        Offer(index, "heavy", 3, "heavy", 400);

        var counts = Take(index, 500).CountBy(name => name).ToDictionary();
        Assert.Equal((100, 100, 300), (counts["light"], counts["none"], counts["heavy"]));
    }

    [Fact]
    public void A_key_that_had_nothing_waiting_has_no_credit_and_one_that_was_served_first_no_debt()
    {
        var index = Index();
        Offer(index, "a", 3, "a", 100);
        Take(index, 50);
        Offer(index, "b", 3, "b", 100);
        Assert.Equal((10, 10), Halves(Take(index, 20)));

        // Nor for what was done at a higher priority.
        Offer(index, "a", 1, "a", 40);
        Assert.Equal((40, 0), Halves(Take(index, 40)));
        Assert.Equal((10, 10), Halves(Take(index, 20)));
    }

    [Fact]
    public void A_key_that_was_held_back_does_not_get_all_its_turns_at_once()
    {
        var index = Index();
        index.SetRule(new("a waits", LimitDimension.Tenant, LimitMeasure.Concurrency, 0) { Key = "a" });
        Offer(index, "a", 3, "a", 100);
        Offer(index, "b", 3, "b", 100);
        Assert.Equal((0, 50), Halves(Take(index, 50)));
        index.RemoveRule("a waits");
        Assert.InRange(Halves(Take(index, 20)).A, 10, 11);
    }

    [Fact]
    public void The_wait_of_the_lowest_priority_is_bounded_under_a_stream_of_the_highest()
    {
        var index = Index();
        for (var i = 0; i < 10; i++)
        {
            Offer(index, $"high", 1);
        }

        Offer(index, "low", 5);
        var waited = 0;

        // One start and one newcomer a second: the newcomers alone would take all.
        for (; !Take(index, 1).Contains("low"); waited++)
        {
            Offer(index, "high", 1);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(waited < 1_000);
        }

        // Four steps to the top, then whoever stood there before: no more than came before it.
        Assert.InRange(waited, 240, 251);
    }

    private AdmissionIndex Index() => new(_options, 1, _time);

    private void Offer(AdmissionIndex index, string name, int priority, string? share = null, int count = 1)
    {
        for (var i = 0; i < count; i++)
        {
            var run = RunId.New(_time);
            _names.Add(run, name);
            index.Offer(new(run, "q", _time.GetUtcNow()) { Demand = new Demand { Priority = priority, FairnessKey = share, Tenant = share }.ToJson() });
            _time.Advance(TimeSpan.FromTicks(1));
        }
    }

    /// <summary>The next ones, which end at once.</summary>
    private List<string> Take(AdmissionIndex index, int count)
    {
        index.SetNode("n", count);
        var grants = index.Take("n");
        grants.ForEach(index.Return);
        return [.. grants.Select(grant => _names[grant.Run])];
    }

    private static (int A, int B) Halves(List<string> names) => (names.Count(name => name == "a"), names.Count(name => name == "b"));
}
