using Orleans.Workflows.Agents;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workflows;
using static Orleans.Workflows.Tests.Runs.RunSamples;

namespace Orleans.Workflows.Tests.Runs;

/// <summary>Which node a queued run waits for, and what it does on another.</summary>
public sealed class SessionNodeTests
{
    [Fact]
    public void A_continuation_waits_for_the_node_of_its_session_and_says_so()
    {
        var next = Continued(Ended(resumable: true));
        var offer = Assert.IsType<RunEffect.OfferRun>(Assert.Single(RunDecisions.Wake(next.State, Options, Start).Effects)).Offer;
        Assert.Equal(("n", "n"), (offer.Node, next.State.Row.Node));
        Assert.Equal("a slot in queue 'default' on node n, which holds its session and workspace", next.State.Row.WaitsFor);

        next.Again("n");
        var order = RunDecisions.OrderOf(next.State);
        Assert.Equal((true, false), (order.Resume, order.Away));
    }

    [Fact]
    public void A_continuation_whose_node_is_lost_begins_anew_and_tells_the_agent()
    {
        var before = Ended(resumable: true);
        var next = Continued(before);
        next.Again("m");
        var order = RunDecisions.OrderOf(next.State);
        Assert.Equal((false, true), (order.Resume, order.Away));
        Assert.NotEqual(before.State.Row.SessionId, order.SessionId);
        Assert.Contains("Node n", next.Events.Single(entry => (string?)entry["type"] == "starting")["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("on a machine that is lost", order.Preface, StringComparison.Ordinal);

        // Its own next attempt is bound to where it is now, and can be resumed there.
        next.Take(RunDecisions.Ended(next.State, End(1, RunStatus.Failed) with { Outcome = Lost }, Options, Start));
        Assert.Equal("m", next.State.Row.Node);
        next.Again("m");
        Assert.Equal((true, true), (RunDecisions.OrderOf(next.State).Resume, RunDecisions.OrderOf(next.State).Away));
    }

    [Fact]
    public void A_continuation_whose_node_is_lost_amid_its_work_takes_nothing_over_elsewhere()
    {
        var next = Continued(Ended(resumable: true)).Again("n");
        next.Take(RunDecisions.NodeLost(next.State, 1, TimeSpan.FromMinutes(10), Options, Start));
        Assert.Equal((RunStatus.Queued, null, "a slot in queue 'default'"), (next.Status, next.State.Row.Node, next.State.Row.WaitsFor));
        next.Again("m");
        Assert.True(RunDecisions.OrderOf(next.State).Away);
    }

    [Fact]
    public void A_continuation_on_shared_storage_goes_on_anywhere()
    {
        var shared = new RunOptions { SharedStorage = true };
        var before = Ended(resumable: true);
        var next = new TestRun(RunDecisions.Accept(new(Guid.CreateVersion7(Start)), Continuations.Order(before.State.Row, new(), retry: false, new("me", "c"), []), shared, Start));
        Assert.Equal("a slot in queue 'default'", next.State.Row.WaitsFor);
        next.Take(RunDecisions.Claim(next.State, GrantOf(next), "m", "b", shared, Start));
        Assert.Equal((true, false), (RunDecisions.OrderOf(next.State).Resume, RunDecisions.OrderOf(next.State).Away));
    }

    [Fact]
    public void A_retry_waits_for_its_node_unless_nothing_of_use_is_there()
    {
        var run = Running(attempts: 2);
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed) with { Outcome = Lost }, Options, Start));
        Assert.Equal("n", run.State.Row.Node);

        var restarts = Running(attempts: 2, mode: RetryMode.Restart);
        restarts.Take(RunDecisions.Ended(restarts.State, End(1, RunStatus.Failed) with { Outcome = Lost }, Options, Start));
        Assert.Null(restarts.State.Row.Node);

        var never = Accepted(attempts: 2);
        never.Take(RunDecisions.Claim(never.State, GrantOf(never), "n", "b", Options, Start));
        never.Take(RunDecisions.Ended(never.State, End(1, RunStatus.Failed, retryable: true) with { NeverStarted = true }, Options, Start));
        Assert.Equal((RunStatus.Queued, null), (never.Status, never.State.Row.Node));
    }

    private static TestRun Ended(bool resumable)
    {
        var run = Running();
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Completed) with { Outcome = new() { Status = RunStatus.Completed, Reason = new("done", "Done."), Resumable = resumable } }, Options, Start));
        return run;
    }

    private static TestRun Continued(TestRun before) =>
        new(RunDecisions.Accept(new(Guid.CreateVersion7(Start)), Continuations.Order(before.State.Row, new(), retry: false, new("me", "c"), []), Options, Start));
}
