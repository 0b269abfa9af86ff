using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Nodes;

namespace Orleans.Workflows.Tests.Execution;

public sealed class NodeLossTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddHours(1);
    private static readonly NodeLossRow Loss = new("a", DateTimeOffset.UnixEpoch, Now, "ann", "it burnt", "c");

    [Fact]
    public void The_word_is_taken_for_a_node_whose_lease_is_over_and_that_is_no_member()
    {
        Assert.Null(NodeLoss.Refusal("a", Node(Now), isMember: false, hasLeases: true, Now));
        Assert.Null(NodeLoss.Refusal("a", Node(Now) with { SiloAddress = "" }, isMember: false, hasLeases: true, Now));
    }

    [Fact]
    public void The_word_is_not_taken_while_anything_says_that_the_server_lives()
    {
        Assert.Equal("node_alive", NodeLoss.Refusal("a", Node(Now.AddTicks(1)), isMember: false, hasLeases: true, Now)!.Code);
        Assert.Equal("node_alive", NodeLoss.Refusal("a", Node(Now), isMember: true, hasLeases: true, Now)!.Code);
        Assert.Equal("node_alive", NodeLoss.Refusal("a", Node(Now) with { Loss = Loss }, isMember: true, hasLeases: true, Now)!.Code);
    }

    [Fact]
    public void A_repeat_is_taken_and_what_nobody_could_take_over_is_not()
    {
        Assert.Null(NodeLoss.Refusal("a", Node(Now.AddDays(1)) with { Loss = Loss }, isMember: false, hasLeases: true, Now));
        Assert.Equal("no_takeover", NodeLoss.Refusal("a", Node(Now), isMember: false, hasLeases: false, Now)!.Code);
        Assert.Equal("node_not_found", NodeLoss.Refusal("a", null, isMember: false, hasLeases: true, Now)!.Code);
    }

    private static NodeRow Node(DateTimeOffset lease) => new("a", "127.0.0.1:1", 1, DateTimeOffset.UnixEpoch, lease);
}
