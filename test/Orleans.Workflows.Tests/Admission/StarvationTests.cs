using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>However others take in turns what a run needs all of: it starts.</summary>
public sealed class StarvationTests
{
    private const int LongestAttempt = 10;

    /// <summary>Two limits of one place each, of which one or the other is always taken: at no moment are both free.</summary>
    [Fact]
    public void A_run_that_needs_two_things_that_others_take_in_turns_starts()
    {
        var world = new World("a", "b");
        world.Offer(LongestAttempt, "a");
        world.Pass(LongestAttempt / 2);
        world.Offer(LongestAttempt, "b");
        world.Pass(1);
        var both = world.Offer(1, "a", "b");
        for (var time = 0; time < 20 * LongestAttempt; time++)
        {
            // Somebody always waits for either, and each is freed while the other is taken.
            world.Offer(LongestAttempt, "a");
            world.Offer(LongestAttempt, "b");
            world.Pass(1);
        }

        // It is passed over each half of an attempt, and then waits for one end.
        Assert.InRange(world.WaitOf(both) ?? int.MaxValue, AdmissionIndex.MostMisses * LongestAttempt / 2, (AdmissionIndex.MostMisses + 1) * LongestAttempt);
    }

    /// <summary>The bound of <see cref="AdmissionIndex"/>: with n others before it.</summary>
    [Fact]
    public void Nobody_waits_longer_than_the_bound_whatever_everybody_needs() =>
        Gen.Select(Gen.Int[1, LongestAttempt], Gen.Int[1, 31], Gen.Int[0, 3]).List[1, 60].Sample(steps =>
        {
            string[] things = ["a", "b", "c", "d", "lock"];
            var world = new World(things);
            var bounds = new Dictionary<RunId, int>();
            foreach (var (duration, needs, pause) in steps)
            {
                var before = world.Waiting;
                var run = world.Offer(duration, [.. things.Where((_, i) => (needs >> i) % 2 == 1)]);
                bounds.Add(run, (AdmissionIndex.MostMisses + 4) * (before + 1) * LongestAttempt);
                world.Pass(pause);
            }

            world.Pass((AdmissionIndex.MostMisses + 4) * (steps.Count + 1) * LongestAttempt);
            Assert.All(bounds, pair => Assert.True(world.WaitOf(pair.Key) <= pair.Value, $"{world.WaitOf(pair.Key)} > {pair.Value}"));
        }, iter: 3_000);

    [Fact]
    public void Who_waits_behind_a_reservation_is_told_so()
    {
        var world = new World("a", "b");
        world.Offer(LongestAttempt, "a");
        world.Pass(LongestAttempt / 2);
        world.Offer(LongestAttempt, "b");
        world.Pass(1);
        var both = world.Offer(1, "a", "b");
        var behind = new List<RunId>();
        while (world.Index.Reserved is null)
        {
            behind.AddRange([world.Offer(LongestAttempt, "a"), world.Offer(LongestAttempt, "b")]);
            world.Pass(1);
        }

        // One of the two is free, and nobody gets it.
        Assert.Equal(both, world.Index.Reserved);
        var waiting = behind.Where(run => world.WaitOf(run) is null).ToArray();
        var kept = waiting.Where(run => Assert.Single(world.Index.Explain(run)!.Causes).Text.EndsWith($"; the place that is left is kept for run {both}, which has waited longer", StringComparison.Ordinal)).ToArray();
        Assert.InRange(kept.Length, 1, waiting.Length - 1);
        world.Index.Withdraw(both);
        world.Start();
        Assert.Null(world.Index.Reserved);
        Assert.NotNull(world.WaitOf(kept[0]));
    }

    /// <summary>Seconds pass, and attempts end by them. Each thing but a lock is a label with a limit of 1.</summary>
    private sealed class World
    {
        private readonly FakeTimeProvider _time = new();
        private readonly Dictionary<RunId, (int Offered, int Duration)> _runs = [];
        private readonly Dictionary<RunId, int> _started = [];
        private readonly List<(Grant Grant, int End)> _running = [];
        private int _now;

        public World(params string[] things)
        {
            Index = new(new() { PriorityAging = TimeSpan.Zero }, 1, _time);
            foreach (var thing in things.Where(thing => thing != "lock"))
            {
                Index.SetRule(LimitRule.Of(thing, new() { Dimension = LimitDimension.Label, Label = thing, Measure = LimitMeasure.Concurrency, Value = 1 }));
            }
        }

        public AdmissionIndex Index { get; }

        public int Waiting => Index.Waiting;

        public RunId Offer(int duration, params string[] needs)
        {
            var run = RunId.New(_time);
            _runs.Add(run, (_now, duration));
            _time.Advance(TimeSpan.FromMilliseconds(1));
            var demand = new Demand
            {
                Labels = needs.Where(need => need != "lock").ToDictionary(need => need, _ => "x"),
                Locks = needs.Contains("lock") ? [new LockRequest("lock", LockMode.Exclusive)] : null,
            };
            Index.Offer(new(run, "q", _time.GetUtcNow()) { Demand = demand.ToJson() });
            Start();
            return run;
        }

        public void Pass(int seconds)
        {
            for (var i = 0; i < seconds; i++)
            {
                _now++;
                _time.Advance(TimeSpan.FromSeconds(1));
                foreach (var (grant, _) in _running.Where(running => running.End <= _now).ToArray())
                {
                    _running.RemoveAll(running => running.Grant == grant);
                    Index.Release(grant.Run, 1);
                    Index.Unlock(grant.Run, 1);
                    Start();
                }
            }
        }

        public int? WaitOf(RunId run) => _started.TryGetValue(run, out var at) ? at - _runs[run].Offered : null;

        public void Start()
        {
            Index.SetNode("n", 3);
            foreach (var grant in Index.Take("n"))
            {
                Index.Claim(grant, 1);
                _started[grant.Run] = _now;
                _running.Add((grant, _now + _runs[grant.Run].Duration));
            }
        }
    }
}
