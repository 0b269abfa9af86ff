using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Execution;

namespace Orleans.Workflows.Tests.Execution;

public sealed class SparseLogTests
{
    [Fact]
    public void What_goes_on_is_said_at_once_then_ever_more_seldom_but_once_a_minute()
    {
        var time = new FakeTimeProvider();
        var log = new SparseLog(time);
        var said = new List<int>();
        for (var second = 0; second <= 300; second++)
        {
            if (log.IsDue())
            {
                said.Add(second);
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([0, 5, 15, 35, 75, 135, 195, 255], said);
    }
}
