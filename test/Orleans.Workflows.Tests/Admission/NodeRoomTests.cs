using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>Nodes with free slots that say that they may start fewer.</summary>
public sealed class NodeRoomTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AdmissionIndex _index;
    private readonly List<RunId> _runs = [];

    public NodeRoomTests() => _index = new(new(), 1, _time);

    [Fact]
    public void A_node_gets_no_more_than_it_may_start_until_it_reports_again_and_another_gets_the_rest()
    {
        Tell("a", 2);
        Offer(9);
        Assert.Equal(2, _index.Take("a").Count);
        Assert.Empty(_index.Take("a"));
        Tell("a", 1);
        Assert.Single(_index.Take("a"));
        _index.SetNode("b", 10);
        Assert.Equal(6, _index.Take(["a", "b"]).Count(taken => taken.Node == "b"));
    }

    [Fact]
    public void Who_waits_for_it_is_told_why()
    {
        Tell("a", 0);
        _index.SetNode("b", 0);
        Offer(1);
        Assert.Empty(_index.Take(["a", "b"]));
        var cause = Assert.Single(_index.Explain(_runs[0])!.Causes);
        Assert.Equal((WaitCauseKind.Capacity, "slots are free, but node a starts none now: it has 5 MB of memory left"), (cause.Kind, cause.Text));
        Tell("a", 3);
        Assert.Single(_index.Take("a"));
    }

    [Fact]
    public void What_is_found_running_takes_nothing_of_what_may_start()
    {
        Tell("a", 1);
        Assert.True(_index.Occupy(new(Guid.NewGuid()), 1, "q", "a", null));
        Offer(1);
        Assert.Single(_index.Take("a"));
    }

    private void Tell(string node, int starts) => _index.SetNode(node, 10, room: new(starts, "it has 5 MB of memory left"));

    private void Offer(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _time.Advance(TimeSpan.FromTicks(1));
            _runs.Add(new(Guid.NewGuid()));
            _index.Offer(new(_runs[^1], "q", _time.GetUtcNow()));
        }
    }
}
