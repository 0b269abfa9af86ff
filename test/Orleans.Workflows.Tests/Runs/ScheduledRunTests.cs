using Orleans.Workflows.Runs;
using static Orleans.Workflows.Tests.Runs.RunSamples;

namespace Orleans.Workflows.Tests.Runs;

/// <summary>Runs that start later.</summary>
public sealed class ScheduledRunTests
{
    private static readonly DateTimeOffset Due = Start.AddDays(60);

    [Fact]
    public void It_waits_for_its_start_in_no_queue_and_joins_it_then()
    {
        var run = Accepted(startAt: Due);
        Assert.Equal((RunStatus.Scheduled, Due, null), (run.Status, run.State.Row.NextDeadline, run.State.Row.QueuedAt));
        Assert.Equal("its start, scheduled for 2026-03-02T00:00:00Z", run.State.Row.WaitsFor);
        Assert.Equal(Due, RunInfos.From(run.State.Row, Start).StartAt);
        Assert.Null(RunDecisions.Claim(run.State, GrantOf(run), "n", "b", Options, Start).Append);
        Assert.True(RunDecisions.Wake(run.State, Options, Due.AddTicks(-1)) is { Append: null, Effects: [] });

        var queued = run.Take(RunDecisions.Wake(run.State, Options, Due));
        Assert.Equal((RunStatus.Queued, Due), (run.Status, run.State.Row.QueuedAt));
        Assert.Single(queued.Effects.OfType<RunEffect.OfferRun>());
        Assert.Equal(Due, RunInfos.From(run.State.Row, Due).StartAt);
        run.Again(at: Due);
        Assert.Equal(RunStatus.Running, run.Status);
    }

    [Fact]
    public void What_is_over_is_no_start_to_wait_for() =>
        Assert.Equal((RunStatus.Queued, (DateTimeOffset?)Start), (Accepted(startAt: Start).Status, Accepted(startAt: Start).State.Row.QueuedAt));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Its_queue_time_limit_counts_from_when_it_is_due(bool paused)
    {
        var run = Accepted(queueTimeout: TimeSpan.FromMinutes(5), startAt: Due);
        if (paused)
        {
            run.Take(RunDecisions.Pause(run.State, Command(), agentResumes: false, Options, Start));
            run.Take(RunDecisions.Resume(run.State, Command(), Options, Start.AddDays(1)));
            Assert.Equal((RunStatus.Scheduled, Due), (run.Status, run.State.Row.NextDeadline));
        }

        run.Take(RunDecisions.Wake(run.State, Options, Due));
        Assert.Equal(Due.AddMinutes(5), run.State.Row.NextDeadline);
        run.Take(RunDecisions.Wake(run.State, Options, Due.AddMinutes(5)));
        Assert.Equal(RunStatus.Expired, run.Status);
    }

    [Fact]
    public void One_that_is_resumed_after_its_start_queues_at_once_with_the_whole_of_its_queue_time()
    {
        var run = Accepted(queueTimeout: TimeSpan.FromMinutes(5), startAt: Due);
        run.Take(RunDecisions.Pause(run.State, Command(), agentResumes: false, Options, Start));
        Assert.Null(RunDecisions.Wake(run.State, Options, Due.AddDays(1)).Append);
        run.Take(RunDecisions.Resume(run.State, Command(), Options, Due.AddDays(2)));
        Assert.Equal((RunStatus.Queued, Due.AddDays(2).AddMinutes(5)), (run.Status, run.State.Row.NextDeadline));
    }

    [Theory]
    [InlineData(true, RunStatus.Canceled)]
    [InlineData(false, RunStatus.Terminated)]
    public void It_is_ended_at_once(bool politely, RunStatus status)
    {
        var run = Accepted(startAt: Due);
        run.Take(politely ? RunDecisions.Cancel(run.State, Command(), Options, Start) : RunDecisions.Terminate(run.State, Command(), Options, Start));
        Assert.Equal(status, run.Status);
    }
}
