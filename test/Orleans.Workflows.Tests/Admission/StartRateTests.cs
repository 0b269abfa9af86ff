using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Tests.Admission;

public sealed class StartRateTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    [Fact]
    public void No_window_of_a_period_has_more_starts_than_the_rule_says_and_none_is_left_unused() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 4_000].List[1, 60]).Sample((limit, steps) =>
        {
            var time = new FakeTimeProvider();
            var index = Index(time, limit);
            Offer(index, time, 100);
            var starts = new List<DateTimeOffset>();
            foreach (var step in steps)
            {
                time.Advance(TimeSpan.FromMilliseconds(step));
                starts.AddRange(index.Take("n").Select(_ => time.GetUtcNow()));
                var recent = starts.Count(start => time.GetUtcNow() - start < Period);
                Assert.True(recent == Math.Min(limit, 100), $"{recent}");
            }
        }, iter: 500);

    [Fact]
    public void It_tells_when_the_next_may_start()
    {
        var time = new FakeTimeProvider();
        var index = Index(time, 2);
        Offer(index, time, 3);
        Assert.Null(index.OpensIn);
        index.SetNode("n", 1);
        Assert.Single(index.Take("n"));
        time.Advance(TimeSpan.FromSeconds(4));
        index.SetNode("n", 1_000);
        Assert.Single(index.Take("n"));
        Assert.Equal(TimeSpan.FromSeconds(6), index.OpensIn);
        time.Advance(TimeSpan.FromSeconds(6) - TimeSpan.FromTicks(1));
        Assert.Empty(index.Take("n"));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.Single(index.Take("n"));
        Assert.Null(index.OpensIn);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(null, 7)]
    [InlineData(0, 0)]
    public void A_new_value_holds_for_those_who_wait(int? value, int expected)
    {
        var time = new FakeTimeProvider();
        var index = Index(time, 2);
        Offer(index, time, 9);
        Assert.Equal(2, index.Take("n").Count);
        index.SetRule(Rule(value));
        Assert.Equal(expected, index.Take("n").Count);
    }

    private static AdmissionIndex Index(TimeProvider time, int limit)
    {
        var index = new AdmissionIndex(new(), 1, time);
        index.SetNode("n", 1_000);
        index.SetRule(Rule(limit));
        return index;
    }

    private static LimitRule Rule(int? limit) => new("starts", LimitDimension.Service, LimitMeasure.Starts, limit) { Period = Period };

    private static void Offer(AdmissionIndex index, TimeProvider time, int count)
    {
        for (var i = 0; i < count; i++)
        {
            index.Offer(new(new(Guid.NewGuid()), "q", time.GetUtcNow()));
        }
    }
}
