using CsCheck;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Tests.Schedules;

/// <summary>Whatever happens in whatever order, with crashes between a start and its record: no due time starts twice, none is lost.</summary>
public sealed class ScheduleModelTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_due_time_has_exactly_one_end_and_no_two_runs_overlap_unless_allowed() =>
        Gen.Select(Gen.Enum<OverlapPolicy>(), Gen.Int[1, 20], Gen.Select(Gen.Int[0, 9], Gen.Int[1, 12]).List[1, 80]).Sample((policy, window, steps) =>
        {
            var model = new Model(policy, TimeSpan.FromMinutes(window));
            foreach (var (kind, size) in steps)
            {
                model.Step(kind, size);
            }
        }, iter: 3_000);

    private sealed class Model(OverlapPolicy policy, TimeSpan window)
    {
        private static readonly ScheduleCalendar Calendar = ScheduleCalendar.Create(new() { IntervalSeconds = 60 }, Guid.Empty, out _)!;

        // As the idempotency keys do.
        private readonly Dictionary<string, RunId> _started = [];
        private readonly Dictionary<RunId, RunRow> _runs = [];
        private ScheduleState _durable = Begin(policy, window);
        private DateTimeOffset _now = Start;

        public void Step(int kind, int size)
        {
            switch (kind)
            {
                case <= 3:
                    _now = _now.AddMinutes(size);
                    break;
                case <= 6:
                    foreach (var run in _runs.Values.Where(run => run.EndedAt is null).Take(size).ToArray())
                    {
                        _runs[run.Id] = run with { EndedAt = _now, Status = RunStatus.Completed };
                    }

                    break;
                case 7:
                    // Started, and then nothing was written.
                    Act(crashes: true);
                    break;
                default:
                    break;
            }

            while (Act(crashes: false))
            {
            }

            Check();
        }

        private bool Act(bool crashes)
        {
            var state = ScheduleDecisions.Observe(_durable, [.. _durable.UnderWay.Select(run => _runs.GetValueOrDefault(run))]);
            var decision = ScheduleDecisions.Decide(state, Calendar, _now);
            var next = decision.Next;
            if (decision.Start is { } start)
            {
                var key = ScheduleKeys.KeyOf(state.Row, start);
                if (!_started.TryGetValue(key, out var run))
                {
                    Assert.True(policy == OverlapPolicy.AllowAll || _runs.Values.All(other => other.EndedAt is not null), "Two at once.");
                    run = new(Guid.NewGuid());
                    _started[key] = run;
                    _runs[run] = ScheduleDecisionsTests.Ended(0) with { Id = run, EndedAt = null, Status = RunStatus.Running };
                }

                next = ScheduleDecisions.Acted(next, start, run, null, _now);
            }

            if (crashes)
            {
                return false;
            }

            _durable = ScheduleState.From(next.ToRow(_now));
            return decision.IsMore;
        }

        private void Check()
        {
            var row = _durable.Row;
            Assert.Equal(_started.Count, row.Started);
            Assert.Equal((row.HandledUntil - Start).TotalMinutes, row.Started + row.Skipped + row.Missed + _durable.Buffered.Length);
            Assert.True(_now - row.HandledUntil < TimeSpan.FromMinutes(1), "Something is due and was not dealt with.");
            Assert.True(policy is OverlapPolicy.BufferAll || _durable.Buffered.Length <= 1);
            Assert.True(policy is not (OverlapPolicy.AllowAll or OverlapPolicy.BufferAll) || row.Skipped == 0);
        }

        private static ScheduleState Begin(OverlapPolicy policy, TimeSpan window)
        {
            var state = ScheduleDecisionsTests.Schedule(policy);
            return state with { Row = state.Row with { CatchUpWindow = window } };
        }
    }
}
