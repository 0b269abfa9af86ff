using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Schedules;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Tests.Schedules;

/// <summary>Schedules that are due every hour in a real silo whose time a test moves.</summary>
public sealed class ScheduleGrainTests(ScheduleSilo silo) : IClassFixture<ScheduleSilo>
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly string _name = $"s-{Guid.NewGuid():N}"[..16];

    private IScheduleGrain Grain => silo.Schedules.Grain(_name);

    [Fact]
    public async Task A_due_time_starts_one_run_however_often_it_is_looked_at()
    {
        var created = await PutAsync();
        Assert.Equal(5, created.NextTimes.Length);
        Assert.Empty(await silo.RunsOfAsync(_name));
        var schedule = await AfterAsync(Hour);
        await Grain.WakeAsync();
        var run = Assert.Single(await silo.RunsOfAsync(_name));
        Assert.Equal(("do", 1, created.NextTimes[0]), (RunSpec.FromJson(run.Spec).Prompt, schedule.Started, Assert.Single(schedule.RecentActions).DueAt));
        Assert.Equal(run.Id, schedule.RecentActions[0].Run);
        Assert.Equal([run.Id], schedule.UnderWay);
        Assert.Equal(created.NextTimes[1..], schedule.NextTimes[..4]);
    }

    [Theory]
    [InlineData(OverlapPolicy.Skip, 1, 2, 0)]
    [InlineData(OverlapPolicy.BufferOne, 1, 1, 1)]
    [InlineData(OverlapPolicy.BufferAll, 1, 0, 2)]
    [InlineData(OverlapPolicy.AllowAll, 3, 0, 0)]
    public async Task While_the_first_run_has_not_ended(OverlapPolicy policy, int started, int skipped, int buffered)
    {
        await PutAsync(request => request with { Overlap = policy });
        await AfterAsync(Hour);
        await AfterAsync(Hour);
        var schedule = await AfterAsync(Hour);
        Assert.Equal((started, skipped, buffered), ((int)schedule.Started, (int)schedule.Skipped, schedule.Buffered.Length));
        Assert.Equal(started, (await silo.RunsOfAsync(_name)).Count);
    }

    [Theory]
    [InlineData(OverlapPolicy.CancelOther, RunStatus.Canceled)]
    [InlineData(OverlapPolicy.TerminateOther, RunStatus.Terminated)]
    public async Task A_policy_that_ends_the_earlier_run_starts_the_next_one_after_its_end(OverlapPolicy policy, RunStatus end)
    {
        await PutAsync(request => request with { Overlap = policy });
        await AfterAsync(Hour);
        await AfterAsync(Hour);
        var runs = await StartedAsync(2);
        Assert.Equal((end, RunStatus.Queued), (runs[0].Status, runs[1].Status));
        Assert.True(runs[1].CreatedAt >= runs[0].EndedAt);
    }

    [Theory]
    [InlineData(OverlapPolicy.BufferOne, 2)]
    [InlineData(OverlapPolicy.BufferAll, 3)]
    public async Task What_waits_starts_at_the_end_of_the_run_without_anybody_asking(OverlapPolicy policy, int all)
    {
        await PutAsync(request => request with { Overlap = policy });
        await AfterAsync(Hour);
        await AfterAsync(Hour);
        await AfterAsync(Hour);
        for (var count = 1; count < all; count++)
        {
            var runs = await silo.RunsOfAsync(_name);
            await silo.EndAsync(runs[^1].Id);
            // Before its reminder could: that comes once a minute.
            await StartedAsync(count + 1);
        }

        Assert.Empty((await Grain.GetAsync())!.Buffered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_start_whose_record_was_cut_off_is_found_and_not_done_again(bool before)
    {
        await PutAsync();
        silo.Time.Advance(Hour);
        (before ? (Action<string>)silo.Cuts.CutBefore : silo.Cuts.CutAfter)(_name);
        await Grain.WakeAsync();
        Assert.Single(await silo.RunsOfAsync(_name));

        // Its own timer tries again; whoever is first, there is one run.
        await Grain.WakeAsync();
        Assert.Single(await silo.RunsOfAsync(_name));
        var schedule = (await Grain.GetAsync())!;
        Assert.Equal((1, 0), (schedule.Started, schedule.Skipped));
    }

    [Fact]
    public async Task After_a_downtime_what_is_inside_the_window_is_caught_up_and_the_rest_is_missed()
    {
        var created = await PutAsync(request => request with { Overlap = OverlapPolicy.AllowAll, CatchUpWindowSeconds = 9_000 });
        var schedule = await AfterAsync(6 * Hour);
        var (now, due) = (silo.Time.GetUtcNow(), Enumerable.Range(0, 6).Select(n => created.NextTimes[0] + (n * Hour)));
        var late = due.Count(time => now - time > TimeSpan.FromSeconds(9_000));
        Assert.Equal((6 - late, late), ((int)schedule.Started, (int)schedule.Missed));
        Assert.Equal(6 - late, (await silo.RunsOfAsync(_name)).Count);
    }

    [Fact]
    public async Task While_it_is_paused_nothing_is_due_and_nothing_of_it_is_caught_up()
    {
        await PutAsync();
        Assert.Equal("holiday", (await Grain.PauseAsync("holiday")).Schedule!.Note);
        await AfterAsync(3 * Hour);
        Assert.True((await Grain.UnpauseAsync(null)).Schedule is { Paused: false, Note: "holiday", Started: 0, Missed: 0 });
        Assert.Equal(1, (await AfterAsync(Hour)).Started);
    }

    [Fact]
    public async Task A_trigger_starts_at_once_paused_or_not_and_its_repeat_starts_nothing()
    {
        await PutAsync(request => request with { Overlap = OverlapPolicy.AllowAll, Paused = true });
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        var started = await Grain.TriggerAsync(first);
        Assert.Equal(ScheduleOutcome.Started, started.Action!.Outcome);
        Assert.Equal(started.Action.Run, (await Grain.TriggerAsync(first)).Action!.Run);
        Assert.NotEqual(started.Action.Run, (await Grain.TriggerAsync(second)).Action!.Run);
        Assert.Equal(2, (await silo.RunsOfAsync(_name)).Count);
    }

    [Fact]
    public async Task A_trigger_while_a_run_is_under_way_is_bound_by_the_policy()
    {
        await PutAsync();
        await Grain.TriggerAsync(Guid.NewGuid());
        Assert.Equal(ScheduleOutcome.Skipped, (await Grain.TriggerAsync(Guid.NewGuid())).Action!.Outcome);
        await PutAsync(request => request with { Overlap = OverlapPolicy.BufferOne });
        Assert.Equal(ScheduleOutcome.Buffered, (await Grain.TriggerAsync(Guid.NewGuid())).Action!.Outcome);
        await silo.EndAsync((await silo.RunsOfAsync(_name))[0].Id);
        await StartedAsync(2);
    }

    [Fact]
    public async Task What_was_due_before_a_change_is_started_as_it_was_then()
    {
        await PutAsync();
        silo.Time.Advance(Hour);
        await PutAsync(request => request with { Run = new() { Agent = "scripted", Message = "other" }, Overlap = OverlapPolicy.AllowAll });
        await AfterAsync(Hour);
        Assert.Equal(["do", "other"], (await silo.RunsOfAsync(_name)).Select(run => RunSpec.FromJson(run.Spec).Prompt));
    }

    [Fact]
    public async Task A_deleted_schedule_starts_nothing_and_a_new_one_of_its_name_begins_anew()
    {
        await PutAsync();
        Assert.Equal("schedule_exists", (await silo.Schedules.PutAsync(_name, Request, onlyNew: true)).Failure!.Code);
        Assert.True(await Grain.DeleteAsync());
        Assert.False(await Grain.DeleteAsync());
        silo.Time.Advance(Hour);
        await Grain.WakeAsync();
        Assert.Null(await Grain.GetAsync());
        Assert.Empty(await silo.RunsOfAsync(_name));
        Assert.Equal("schedule_not_found", (await Grain.PauseAsync(null)).Failure!.Code);
        Assert.True((await silo.Schedules.PutAsync(_name, Request, onlyNew: true)).Created);
        Assert.Equal(1, (await AfterAsync(Hour)).Started);
    }

    [Fact]
    public async Task By_itself_it_starts_when_it_is_due()
    {
        await PutAsync(request => request with { Spec = new() { IntervalSeconds = 1 }, Overlap = OverlapPolicy.AllowAll });
        var runs = await StartedAsync(3);
        await Grain.DeleteAsync();
        var due = runs.Select(run => long.Parse(run.CorrelationId.Split(':')[1])).ToArray();
        Assert.Equal(Enumerable.Range(0, due.Length).Select(n => due[0] + (n * 1_000L)), due);
    }

    private static ScheduleRequest Request => new() { Spec = new() { IntervalSeconds = 3_600 }, Run = new() { Agent = "scripted", Message = "do" } };

    private async Task<ScheduleInfo> PutAsync(Func<ScheduleRequest, ScheduleRequest>? change = null)
    {
        var result = await silo.Schedules.PutAsync(_name, change?.Invoke(Request) ?? Request, onlyNew: false);
        Assert.True(result.Schedule is not null, $"{result.Failure}");
        return result.Schedule;
    }

    private async Task<ScheduleInfo> AfterAsync(TimeSpan time)
    {
        silo.Time.Advance(time);
        await Grain.WakeAsync();
        return (await Grain.GetAsync())!;
    }

    private Task<IReadOnlyList<RunRow>> StartedAsync(int count) => WaitFor.Value(
        async _ => await silo.RunsOfAsync(_name) is var runs && runs.Count >= count ? runs : null,
        () => _name,
        cancellationToken: TestContext.Current.CancellationToken);
}
