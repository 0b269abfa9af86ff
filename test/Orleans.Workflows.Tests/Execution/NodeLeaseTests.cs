using Orleans.Workflows.Nodes;

namespace Orleans.Workflows.Tests.Execution;

public sealed class NodeLeaseTests
{
    [Fact]
    public void A_lease_is_held_for_its_length_from_before_the_ledger_was_told_and_not_after_it_is_given_up()
    {
        var lease = new NodeLease(TimeSpan.FromSeconds(60));
        Assert.False(lease.IsHeldAt(0));
        lease.Renewed(1_000);
        Assert.True(lease.IsHeldAt(60_999));
        Assert.False(lease.IsHeldAt(61_000));
        lease.Renewed(61_000);
        Assert.True(lease.IsHeldAt(61_000));
        lease.GivenUp();
        Assert.False(lease.IsHeldAt(61_000));
    }
}
