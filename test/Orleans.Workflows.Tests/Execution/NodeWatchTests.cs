using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Nodes;

namespace Orleans.Workflows.Tests.Execution;

public sealed class NodeWatchTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_node_is_lost_when_its_lease_has_not_moved_for_a_window_whatever_the_clocks_say()
    {
        var watch = new NodeWatch(_time);
        Assert.Empty(watch.Lost([Node("a", 0), Node("b", 1_000)], Window));
        _time.Advance(Window);
        Assert.Equal(["b"], watch.Lost([Node("a", 1), Node("b", 1_000)], Window));
        _time.Advance(Window / 2);
        Assert.Equal(["b"], watch.Lost([Node("a", 1), Node("b", 1_000)], Window));
        Assert.Empty(watch.Lost([Node("a", 1), Node("b", 1_001)], Window));
    }

    [Fact]
    public void After_an_outage_the_window_begins_anew()
    {
        var watch = new NodeWatch(_time);
        watch.Lost([Node("a", 0)], Window);
        _time.Advance(Window);
        watch.Forget();
        Assert.Empty(watch.Lost([Node("a", 0)], Window));
        _time.Advance(Window);
        Assert.Equal(["a"], watch.Lost([Node("a", 0)], Window));
    }

    private static NodeRow Node(string name, int lease) => new(name, "127.0.0.1:1", 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(lease));
}
