using Orleans.Workflows.Hosting;
using Orleans.Workflows.Tests.Admission;

namespace Orleans.Workflows.Tests.Hosting;

public sealed class ForwardTimeTests
{
    [Fact]
    public void It_follows_forwards_and_goes_on_by_the_steady_clock_when_it_is_set_back()
    {
        var inner = new JumpingTime();
        var time = new ForwardTime(inner);
        var start = time.GetUtcNow();
        inner.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(start.AddSeconds(5), time.GetUtcNow());
        inner.Jump(TimeSpan.FromHours(1));
        Assert.Equal(start.AddSeconds(3605), time.GetUtcNow());
        inner.Jump(TimeSpan.FromDays(-2));
        inner.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(start.AddSeconds(3612), time.GetUtcNow());

        // Set right again it is followed only once it has caught up.
        inner.Jump(TimeSpan.FromDays(2));
        Assert.Equal(start.AddSeconds(3612), time.GetUtcNow());
        inner.Jump(TimeSpan.FromMinutes(1));
        Assert.Equal(start.AddSeconds(3672), time.GetUtcNow());
    }
}
