using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission.Spending;

namespace Orleans.Workflows.Tests.Admission.Spending;

public sealed class SpendingWindowTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(100);

    [Fact]
    public void What_was_used_counts_for_a_whole_period_and_hardly_longer() =>
        Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 50]).List[1, 80].Sample(steps =>
        {
            var time = new FakeTimeProvider();
            var window = new SpendingWindow(Period, time);
            var uses = new List<(DateTimeOffset At, int Amount)>();
            foreach (var (pause, amount) in steps)
            {
                time.Advance(TimeSpan.FromMilliseconds(pause));
                window.Add(time.GetTimestamp(), amount);
                uses.Add((time.GetUtcNow(), amount));
                Assert.InRange(window.Used, Since(Period), Since(Period * 257 / 256));
            }

            int Since(TimeSpan age) => uses.Where(use => time.GetUtcNow() - use.At <= age).Sum(use => use.Amount);
        }, iter: 1_000);

    [Fact]
    public void It_opens_when_it_says_and_not_before() =>
        Gen.Select(Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 50]).List[1, 40], Gen.Int[1, 120], Gen.Int[0, 130]).Sample((steps, limit, amount) =>
        {
            var time = new FakeTimeProvider();
            var window = new SpendingWindow(Period, time);
            foreach (var (pause, used) in steps)
            {
                time.Advance(TimeSpan.FromMilliseconds(pause));
                window.Add(time.GetTimestamp(), used);
            }

            if (window.OpensAt(limit, amount) is not { } at)
            {
                Assert.True(window.Fits(limit, amount));
                return;
            }

            var wait = -time.GetElapsedTime(at);
            time.Advance(wait - TimeSpan.FromTicks(1));
            Assert.False(window.Fits(limit, amount));
            time.Advance(TimeSpan.FromTicks(1));
            Assert.True(window.Fits(limit, amount));
        }, iter: 1_000);

    [Fact]
    public void Who_asks_for_more_than_all_starts_only_while_nothing_counts()
    {
        var window = new SpendingWindow(Period, new FakeTimeProvider());
        Assert.True(window.Fits(10, 50));
        Assert.False(window.Fits(0, 1));
        window.Reserve(1);
        Assert.False(window.Fits(10, 50));
        Assert.True(window.Fits(10, 9));
        Assert.Null(window.OpensAt(10, 50));
    }

    [Fact]
    public void An_estimate_is_the_upper_quartile_of_the_last_ones()
    {
        var estimate = new Estimate();
        Assert.Null(estimate.Value);
        foreach (var used in (decimal[])[1, 2, 3, 1_000])
        {
            estimate.Add(used);
        }

        Assert.Equal(3, estimate.Value);
        for (var i = 0; i < Estimate.Kept; i++)
        {
            estimate.Add(7);
        }

        Assert.Equal(7, estimate.Value);
    }
}
