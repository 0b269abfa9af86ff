using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission.Spending;

/// <summary>Runs that use money by chance, under limits over two dimensions, against a model that adds everything up each time.</summary>
public sealed class SpendingModelTests
{
    private const int Limit = 50;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(100);

    [Fact]
    public void No_window_ever_has_more_than_the_limit_and_nobody_waits_who_could_start() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 10_000]).List[1, 150].Sample(steps =>
        {
            var model = new Model();
            foreach (var (kind, which) in steps)
            {
                model.Step(kind, which);
            }
        }, iter: 2_000);

    private sealed class Model
    {
        private readonly FakeTimeProvider _time = new();
        private readonly List<(string Tenant, DateTimeOffset At, int Amount)> _uses = [];
        private readonly Dictionary<RunId, (string Tenant, int Budget, Offer Offer)> _waiting = [];
        private readonly List<Running> _running = [];
        private readonly List<(AttemptUsage Usage, DateTimeOffset EndedAt)> _ended = [];
        private AdmissionIndex _index;
        private int _epoch;

        public Model() => _index = Build();

        public void Step(int kind, int which)
        {
            _time.Advance(TimeSpan.FromMilliseconds(which));
            switch (kind)
            {
                case <= 3:
                    Offer($"t{which % 2}", 1 + which % 60);
                    break;
                case 4 or 5 or 6 when _running.Count > 0:
                    Use(_running[which % _running.Count], which);
                    break;
                case 7 or 8 when _running.Count > 0:
                    End(_running[which % _running.Count], which);
                    break;
                case 9 when which % 5 == 0:
                    _index = Build();
                    break;
            }

            Take();
            foreach (var tenant in (string[])["t0", "t1"])
            {
                var used = _uses.Where(use => use.Tenant == tenant && _time.GetUtcNow() - use.At < Period).Sum(use => use.Amount);
                var alone = _running.Where(running => running.Tenant == tenant).Select(running => running.Budget).Concat(_ended.Where(ended => ended.Usage.Queue == tenant).Select(ended => (int)ended.Usage.CostUsd!)).DefaultIfEmpty().Max();
                Assert.True(used <= Math.Max(Limit, alone), $"{used} of {tenant}");
            }
        }

        private void Offer(string tenant, int budget)
        {
            // Of each workflow one run, which therefore reserves its budget.
            var run = new RunId(Guid.NewGuid());
            var demand = new Demand { Tenant = tenant, Workflow = $"{run}", BudgetUsd = budget };
            var offer = new Offer(run, tenant, _time.GetUtcNow()) { Demand = demand.ToJson() };
            _waiting.Add(run, (tenant, budget, offer));
            Assert.True(_index.Offer(offer));
        }

        private void Take()
        {
            foreach (var grant in _index.Take("n"))
            {
                Assert.True(_waiting.Remove(grant.Run, out var taken));
                Assert.True(Fits(taken.Tenant, taken.Budget, Period), "it did not fit");
                _index.Claim(grant, 1);
                _running.Add(new(grant.Run, taken.Tenant, taken.Budget, grant.Demand!));
            }

            // A part of the window more is counted than there is; after a rebuild all of an attempt counts at its end.
            if (_epoch == 1)
            {
                Assert.DoesNotContain(_waiting.Values, waiting => Fits(waiting.Tenant, waiting.Budget, Period * 257 / 256));
            }
        }

        private bool Fits(string tenant, int amount, TimeSpan age)
        {
            var used = _uses.Where(use => use.Tenant == tenant && _time.GetUtcNow() - use.At <= age).Sum(use => use.Amount);
            var reserved = _running.Where(running => running.Tenant == tenant).Sum(running => running.Budget - running.Used);
            return used + reserved is 0 || (used + reserved + amount <= Limit && used + reserved < Limit);
        }

        private void Use(Running running, int which)
        {
            var more = which % (running.Budget - running.Used + 1);
            running.Used += more;
            _uses.Add((running.Tenant, _time.GetUtcNow(), more));
            _index.Spend(running.Usage);
            if (which % 3 == 0)
            {
                // Sent again, as one of unknown fate is.
                _index.Spend(running.Usage);
            }
        }

        private void End(Running running, int which)
        {
            Use(running, which);
            if (which % 4 == 0)
            {
                // It never tells: all that it had reserved counts.
                _uses.Add((running.Tenant, _time.GetUtcNow(), running.Budget - running.Used));
                running.Used = running.Budget;
            }
            else
            {
                _index.Spend(running.Usage with { HasEnded = true });
            }

            _running.Remove(running);
            _ended.Add((running.Usage with { HasEnded = true }, _time.GetUtcNow()));
            Assert.True(_index.Release(running.Run, 1));
        }

        /// <summary>As after a crash, from what is durable.</summary>
        private AdmissionIndex Build()
        {
            var index = new AdmissionIndex(new(), ++_epoch, _time);
            index.SetNode("n", 1_000);
            index.SetRule(new("money", LimitDimension.Tenant, LimitMeasure.CostUsd, Limit) { Period = Period });
            index.SetRule(new("tokens", LimitDimension.Service, LimitMeasure.Tokens, 1_000_000_000) { Period = Period });
            index.SetSpent([.. _ended.Select(row => (row.Usage, (DateTimeOffset?)row.EndedAt)), .. _running.Select(running => (running.Usage, (DateTimeOffset?)null))]);
            foreach (var running in _running)
            {
                index.Occupy(running.Run, 1, running.Tenant, "n", running.Demand);
            }

            foreach (var (_, _, offer) in _waiting.Values)
            {
                index.Offer(offer);
            }

            return index;
        }

        private sealed class Running(RunId run, string tenant, int budget, string demand)
        {
            public RunId Run => run;

            public string Tenant => tenant;

            public int Budget => budget;

            public string Demand => demand;

            public int Used { get; set; }

            public AttemptUsage Usage => new(run, 1) { Queue = tenant, Demand = demand, CostUsd = Used };
        }
    }
}
