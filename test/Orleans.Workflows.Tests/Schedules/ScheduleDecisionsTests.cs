using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Tests.Schedules;

/// <summary>What a due time does, by policy, window and pause: one schedule that is due every minute.</summary>
public sealed class ScheduleDecisionsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ScheduleSpec EveryMinute = new() { IntervalSeconds = 60 };
    private static readonly ScheduleCalendar Calendar = ScheduleCalendar.Create(EveryMinute, Guid.Empty, out _)!;
    private static readonly RunId Earlier = new(Guid.NewGuid());

    [Theory]
    [InlineData(OverlapPolicy.Skip, 0, 3)]
    [InlineData(OverlapPolicy.BufferOne, 1, 2)]
    [InlineData(OverlapPolicy.BufferAll, 3, 0)]
    [InlineData(OverlapPolicy.CancelOther, 1, 2)]
    [InlineData(OverlapPolicy.TerminateOther, 1, 2)]
    public void While_an_earlier_run_is_under_way_nothing_starts(OverlapPolicy policy, int buffered, int skipped)
    {
        var decision = Decide(Schedule(policy, Earlier), minutes: 3);
        Assert.Null(decision.Start);
        Assert.Equal((buffered, skipped, Start.AddMinutes(3)), (decision.Next.Buffered.Length, decision.Next.Row.Skipped, decision.Next.Row.HandledUntil));
        Assert.Equal(policy is OverlapPolicy.CancelOther or OverlapPolicy.TerminateOther, decision.EndsOthers);
    }

    [Fact]
    public void Beside_an_earlier_run_every_due_time_starts_where_that_is_allowed()
    {
        var state = Schedule(OverlapPolicy.AllowAll, Earlier);
        Assert.Equal([1, 2, 3], StartAll(ref state, minutes: 3));
        Assert.Equal(4, state.UnderWay.Length);
    }

    [Theory]
    [InlineData(OverlapPolicy.BufferOne, 1)]
    [InlineData(OverlapPolicy.BufferAll, 1)]
    [InlineData(OverlapPolicy.CancelOther, 3)]
    [InlineData(OverlapPolicy.TerminateOther, 3)]
    public void When_the_earlier_run_has_ended_what_waits_starts(OverlapPolicy policy, int minute)
    {
        var state = Decide(Schedule(policy, Earlier), minutes: 3).Next;
        state = ScheduleDecisions.Observe(state, [Ended(3)]);
        var decision = Decide(state, minutes: 3);
        Assert.Equal(Start.AddMinutes(minute), decision.Start!.DueAt);
        Assert.False(decision.EndsOthers);
    }

    [Fact]
    public void After_a_downtime_what_is_older_than_the_window_is_missed_and_counted()
    {
        var state = Schedule(OverlapPolicy.AllowAll);
        state = state with { Row = state.Row with { CatchUpWindow = TimeSpan.FromMinutes(2) } };
        Assert.Equal([8, 9, 10], StartAll(ref state, minutes: 10));
        Assert.Equal((3, 7), (state.Row.Started, state.Row.Missed));
    }

    [Fact]
    public void What_waited_may_start_late_but_not_later_than_the_window_after_it_could()
    {
        var state = Schedule(OverlapPolicy.BufferOne, Earlier);
        state = state with { Row = state.Row with { CatchUpWindow = TimeSpan.FromMinutes(2) } };
        state = Decide(state, minutes: 1).Next;
        var free = ScheduleDecisions.Observe(state, [Ended(100)]);
        Assert.Equal(Start.AddMinutes(1), ScheduleDecisions.Decide(Quiet(free, 102), Calendar, Start.AddMinutes(102)).Start!.DueAt);

        // Nobody looked for a day: the key of a start that a crash cut off may be gone.
        var late = ScheduleDecisions.Decide(Quiet(free, 103), Calendar, Start.AddMinutes(103));
        Assert.Null(late.Start);
        Assert.Equal((0, 1), (late.Next.Buffered.Length, late.Next.Row.Missed));
    }

    [Fact]
    public void While_it_is_paused_only_what_somebody_asked_for_starts()
    {
        var state = Decide(Schedule(OverlapPolicy.BufferAll, Earlier), minutes: 1).Next;
        state = ScheduleDecisions.Trigger(state, Guid.NewGuid(), Start.AddMinutes(1)).Decision.Next;
        state = ScheduleDecisions.Observe(state with { Row = state.Row with { Paused = true } }, [Ended(2)]);
        var decision = Decide(state, minutes: 5);
        Assert.NotNull(decision.Start!.Trigger);
        state = ScheduleDecisions.Acted(decision.Next, decision.Start, Earlier, null, Start);
        state = ScheduleDecisions.Observe(state, [Ended(5)]);
        decision = Decide(state, minutes: 5);
        Assert.Null(decision.Start);
        Assert.Equal((1, Start.AddMinutes(1)), (decision.Next.Buffered.Length, decision.Next.Row.HandledUntil));
    }

    [Theory]
    [InlineData(OverlapPolicy.Skip, ScheduleOutcome.Skipped)]
    [InlineData(OverlapPolicy.BufferOne, ScheduleOutcome.Buffered)]
    [InlineData(OverlapPolicy.BufferAll, ScheduleOutcome.Buffered)]
    [InlineData(OverlapPolicy.CancelOther, ScheduleOutcome.Buffered)]
    [InlineData(OverlapPolicy.TerminateOther, ScheduleOutcome.Buffered)]
    [InlineData(OverlapPolicy.AllowAll, ScheduleOutcome.Started)]
    public void A_trigger_is_bound_by_the_policy(OverlapPolicy policy, ScheduleOutcome busy)
    {
        Assert.Equal(ScheduleOutcome.Started, ScheduleDecisions.Trigger(Schedule(policy), Guid.NewGuid(), Start).Outcome);
        Assert.Equal(busy, ScheduleDecisions.Trigger(Schedule(policy, Earlier), Guid.NewGuid(), Start).Outcome);
    }

    [Fact]
    public void A_long_buffer_has_a_bound()
    {
        var state = Schedule(OverlapPolicy.BufferAll, Earlier);
        var decision = Decide(state, minutes: 1_005);
        Assert.Equal((ScheduleDecisions.MostBuffered, 5), (decision.Next.Buffered.Length, decision.Next.Row.Skipped));
    }

    [Fact]
    public void A_very_long_downtime_is_dealt_with_in_parts()
    {
        var decision = Decide(Schedule(OverlapPolicy.Skip, Earlier), minutes: ScheduleDecisions.MostAtOnce + 5);
        Assert.True(decision.IsMore);
        Assert.Equal(Start.AddMinutes(ScheduleDecisions.MostAtOnce), decision.Next.Row.HandledUntil);
    }

    [Fact]
    public void A_refused_start_is_counted_and_shown_and_does_not_come_again()
    {
        var decision = Decide(Schedule(OverlapPolicy.Skip), minutes: 1);
        var state = ScheduleDecisions.Acted(decision.Next, decision.Start!, null, Failure.NotFound("gone", "add it"), Start);
        Assert.Equal((1, 0, ScheduleOutcome.Failed), (state.Row.Failed, state.Row.Started, Assert.Single(state.Recent).Outcome));
        Assert.Null(Decide(state, minutes: 1).Start);
    }

    [Fact]
    public void A_run_that_the_ledger_no_longer_has_is_not_under_way()
    {
        Assert.Empty(ScheduleDecisions.Observe(Schedule(OverlapPolicy.Skip, Earlier), [null]).UnderWay);
        var busy = Schedule(OverlapPolicy.Skip, Earlier);
        Assert.Same(busy, ScheduleDecisions.Observe(busy, [Ended(1) with { EndedAt = null }]));
    }

    [Fact]
    public void A_state_reads_back_as_it_was_written()
    {
        var state = Decide(Schedule(OverlapPolicy.BufferAll, Earlier), minutes: 2).Next;
        state = ScheduleDecisions.Acted(state, new(Start, Start, Guid.NewGuid()), null, Failure.NotFound("gone", "add it"), Start);
        var read = ScheduleState.From(state.ToRow(Start));
        Assert.Equal(state.Buffered, read.Buffered);
        Assert.Equal(state.UnderWay, read.UnderWay);
        Assert.Equal(state.Recent, read.Recent);
        Assert.Equal((state.Spec, state.Overlap, state.Row.Version + 1), (read.Spec, read.Overlap, read.Row.Version));
    }

    internal static ScheduleState Schedule(OverlapPolicy policy, params RunId[] underWay) => new()
    {
        Spec = EveryMinute,
        Overlap = policy,
        UnderWay = underWay,
        Row = new()
        {
            Name = "s",
            Incarnation = Guid.Empty,
            Version = 1,
            Spec = "",
            Run = "{}",
            Overlap = "",
            CatchUpWindow = TimeSpan.FromDays(30),
            HandledUntil = Start,
            Buffered = "",
            UnderWay = "",
            Recent = "",
            CreatedAt = Start,
            UpdatedAt = Start,
        },
    };

    internal static RunRow Ended(int minute) => new()
    {
        Id = Earlier,
        Version = 2,
        DefinitionHash = "h",
        Agent = "scripted",
        Queue = "q",
        Caller = "c",
        CorrelationId = "c",
        Spec = "{}",
        SessionId = Guid.Empty,
        CreatedAt = Start,
        Status = RunStatus.Completed,
        EndedAt = Start.AddMinutes(minute),
    };

    private static ScheduleState Quiet(ScheduleState state, int minute) => state with { Row = state.Row with { HandledUntil = Start.AddMinutes(minute) } };

    private static ScheduleDecision Decide(ScheduleState state, int minutes) => ScheduleDecisions.Decide(state, Calendar, Start.AddMinutes(minutes));

    private static List<int> StartAll(ref ScheduleState state, int minutes)
    {
        var started = new List<int>();
        while (Decide(state, minutes) is var decision)
        {
            state = decision.Next;
            if (decision.Start is not { } start)
            {
                break;
            }

            started.Add((int)(start.DueAt - Start).TotalMinutes);
            state = ScheduleDecisions.Acted(state, start, new(Guid.NewGuid()), null, Start);
        }

        return started;
    }
}
