using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>Labels, needs, sessions and lost nodes by chance, against a model that looks at every node and every run each time.</summary>
public sealed class NeedsModelTests
{
    [Fact]
    public void Nobody_starts_where_a_need_is_missing_and_nobody_waits_who_could_start() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 10_000]).List[1, 200].Sample(steps =>
        {
            var model = new Model();
            foreach (var (kind, which) in steps)
            {
                model.Step(kind, which);
            }
        }, iter: 3_000);

    private sealed class Model
    {
        private const int Nodes = 4;
        private static readonly string[] Labels = ["docker", "gpu", "large"];

        private readonly FakeTimeProvider _time = new();
        private readonly AdmissionIndex _index;
        private readonly Dictionary<RunId, (string[] Needs, string? Home, string? Tenant)> _waiting = [];
        private readonly List<(Grant Grant, string Node, string? Tenant)> _running = [];
        private readonly Dictionary<string, (int Slots, string[] Labels)> _nodes = [];
        private readonly HashSet<string> _lost = [];

        public Model()
        {
            _index = new(new(), 1, _time);
            _index.SetRule(new("tenants", LimitDimension.Tenant, LimitMeasure.Concurrency, 2));
        }

        public void Step(int kind, int which)
        {
            _time.Advance(TimeSpan.FromMilliseconds(which % 10));
            var node = $"n{which % Nodes}";
            switch (kind)
            {
                case <= 2:
                    Offer(which);
                    break;
                case 3 or 4:
                    Take([.. _nodes.Keys.Where((_, i) => (which >> i) % 2 == 0)]);
                    break;
                case 5 or 6 when _running.Count > 0:
                    _index.Return(_running[which % _running.Count].Grant);
                    _running.RemoveAt(which % _running.Count);
                    break;
                case 7:
                    _nodes[node] = (which / 7 % 3, Subset(which / 3));
                    _index.SetNode(node, _nodes[node].Slots, _nodes[node].Labels);
                    _lost.Remove(node);
                    break;
                case 8 when which % 3 == 0:
                    _lost.Add(node);
                    _index.Lose(node);
                    _nodes.Remove(node);
                    break;
                case 9 when _waiting.Count > 0:
                    var run = _waiting.Keys.ElementAt(which % _waiting.Count);
                    _waiting.Remove(run);
                    _index.Withdraw(run);
                    break;
            }

            Assert.Equal(_waiting.Count, _index.Waiting);
            Explain(which);
        }

        private static string[] Subset(int which) => [.. Labels.Where((_, i) => (which >> i) % 2 == 0)];

        private void Offer(int which)
        {
            var (needs, home, tenant) = (which % 4 == 0 ? [] : Subset(which / 4), which % 5 == 0 ? $"n{which % Nodes}" : null, which % 3 == 0 ? $"t{which % 2}" : null);
            var run = new RunId(Guid.NewGuid());
            Assert.True(_index.Offer(new(run, "q", _time.GetUtcNow()) { Demand = new Demand { Priority = 1 + (which % 5), Needs = needs.Length == 0 ? null : needs, Tenant = tenant }.ToJson(), Node = home }));
            _waiting.Add(run, (needs, home, tenant));
        }

        private void Take(string[] asking)
        {
            foreach (var (node, grant) in _index.Take(asking))
            {
                Assert.True(_waiting.Remove(grant.Run, out var run));
                Assert.Contains(node, asking);
                Assert.True(Fits(run.Needs, run.Home, node), $"{node} lacks what {grant.Run} needs, or is not its node");
                Assert.True(HasRoom(node), "a node has too many");
                Assert.True(MayRun(run.Tenant), "a limit is exceeded");
                _running.Add((grant, node, run.Tenant));
            }

            // Places may be kept for one.
            Assert.DoesNotContain(_waiting.Values, run => _index.Reserved is null && MayRun(run.Tenant) && asking.Any(node => HasRoom(node) && Fits(run.Needs, run.Home, node)));
        }

        /// <summary>It says that needs are missing exactly where they are.</summary>
        private void Explain(int which)
        {
            if (_waiting.Count == 0)
            {
                return;
            }

            var (run, (needs, home, _)) = _waiting.ElementAt(which % _waiting.Count);
            var isMissing = needs.Length > 0 && !_nodes.Keys.Any(node => Fits(needs, home, node));
            var isSilentHome = home is not null && !_lost.Contains(home) && !_nodes.ContainsKey(home);
            Assert.True(isSilentHome || isMissing == _index.Explain(run)!.Causes.Any(cause => cause.Kind is WaitCauseKind.Needs));
        }

        private bool Fits(string[] needs, string? home, string node) => (home is null || home == node || _lost.Contains(home)) && needs.All(_nodes[node].Labels.Contains);

        private bool HasRoom(string node) => _running.Count(running => running.Node == node) < _nodes[node].Slots;

        private bool MayRun(string? tenant) => tenant is null || _running.Count(running => running.Tenant == tenant) < 2;
    }
}
