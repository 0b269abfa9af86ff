using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>Rules, priorities and keys by chance, against a model that counts everything anew each time.</summary>
public sealed class ConstraintModelTests
{
    [Fact]
    public void No_limit_is_ever_exceeded_and_nobody_waits_who_could_start() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 10_000]).List[1, 200].Sample(steps =>
        {
            var model = new Model();
            foreach (var (kind, which) in steps)
            {
                model.Step(kind, which);
            }
        }, iter: 2_000);

    private sealed class Model
    {
        private static readonly LimitDimension[] Dimensions = [LimitDimension.Queue, LimitDimension.Tenant, LimitDimension.Repository, LimitDimension.Label, LimitDimension.Service];

        private readonly FakeTimeProvider _time = new();
        private readonly AdmissionIndex _index;
        private readonly Dictionary<string, LimitRule> _rules = [];
        private readonly Dictionary<RunId, (Offer Offer, Demand Demand)> _waiting = [];
        private readonly List<(Grant Grant, Demand Demand, string Queue)> _running = [];
        private readonly Dictionary<string, int> _slots = new() { ["n0"] = 4, ["n1"] = 3 };
        private readonly Dictionary<RunId, string> _nodes = [];

        public Model()
        {
            _index = new(new(), 1, _time);
            foreach (var (node, slots) in _slots)
            {
                _index.SetNode(node, slots);
            }
        }

        public void Step(int kind, int which)
        {
            _time.Advance(TimeSpan.FromSeconds(which % 90));
            switch (kind)
            {
                case <= 3:
                    Offer(which);
                    break;
                case <= 5:
                    Take([.. _slots.Keys.Where((_, i) => (which >> i) % 2 == 0 || which % 3 == 0)]);
                    break;
                case 6 when _running.Count > 0:
                    End(which % _running.Count);
                    break;
                case 7 when _waiting.Count > 0:
                    var run = _waiting.Keys.ElementAt(which % _waiting.Count);
                    _waiting.Remove(run);
                    _index.Withdraw(run);
                    break;
                case 8:
                    var rule = RuleOf(which);
                    _rules[rule.Name] = rule;
                    _index.SetRule(rule);
                    break;
                case 9 when _rules.Count > 0:
                    var name = _rules.Keys.ElementAt(which % _rules.Count);
                    _rules.Remove(name);
                    _index.RemoveRule(name);
                    break;
            }

            Assert.Equal(_waiting.Count, _index.Waiting);
        }

        private static LimitRule RuleOf(int which)
        {
            var dimension = Dimensions[which % Dimensions.Length];
            return new($"rule{which % 23}", dimension, LimitMeasure.Concurrency, which % 7 == 6 ? null : which % 4)
            {
                Key = ((which / 5) % 4) switch { 0 => "*", 1 => "k*", 2 => "k1", _ => "k2" },
                Label = dimension is LimitDimension.Label ? "label" : null,
                IsShared = which % 11 == 0,
            };
        }

        private void Offer(int which)
        {
            var demand = new Demand
            {
                Priority = 1 + which % 5,
                FairnessKey = which % 4 == 0 ? null : $"s{which % 3}",
                Tenant = which % 3 == 0 ? null : $"k{which % 3}",
                Repository = $"k{which % 5}",
                Labels = which % 2 == 0 ? new() { ["label"] = $"k{which % 3}" } : null,
            };
            var offer = new Offer(new(Guid.NewGuid()), $"k{which % 2}", _time.GetUtcNow()) { Demand = demand.ToJson(), Node = which % 6 == 0 ? $"n{which % 2}" : null };
            Assert.True(_index.Offer(offer));
            _waiting.Add(offer.Run, (offer, demand));
        }

        private void Take(string[] nodes)
        {
            foreach (var (node, grant) in _index.Take(nodes))
            {
                Assert.True(_waiting.Remove(grant.Run, out var taken));
                Assert.True(Fits(taken.Demand, grant.Queue), "a limit is exceeded");
                Assert.True(grant.Node is null || grant.Node == node);
                Assert.True(HasRoom(node), "a node has too many");
                _running.Add((grant, taken.Demand, grant.Queue));
                _nodes.Add(grant.Run, node);
            }

            // Places may be kept for one.
            Assert.DoesNotContain(_waiting.Values, waiting => _index.Reserved is null && Fits(waiting.Demand, waiting.Offer.Queue) && nodes.Any(node => HasRoom(node) && (waiting.Offer.Node ?? node) == node));
        }

        private void End(int at)
        {
            var (grant, _, _) = _running[at];
            _running.RemoveAt(at);
            _nodes.Remove(grant.Run);
            _index.Return(grant);
        }

        private bool HasRoom(string node) => _nodes.Values.Count(other => other == node) < _slots[node];

        private bool Fits(Demand demand, string queue) => _rules.Values.GroupBy(rule => (rule.Dimension, rule.Label)).All(group =>
        {
            var key = demand.KeyFor(group.First().Dimension, group.First().Label, queue);
            return key is null || Best(group, key) is not { Value: { } limit } rule
                || _running.Count(running => running.Demand.KeyFor(rule.Dimension, rule.Label, running.Queue) is { } other && Best(group, other) == rule && (rule.IsShared || other == key)) < limit;
        });

        private static LimitRule? Best(IEnumerable<LimitRule> rules, string key) =>
            rules.Where(rule => rule.Matches(key)).OrderByDescending(rule => rule.Specificity).ThenBy(rule => rule.Name, StringComparer.Ordinal).FirstOrDefault();
    }
}
