using CsCheck;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>The index against a model of the ledger, which alone says what runs. News is late, repeated, out of order, or lost.</summary>
public sealed class AdmissionModelTests
{
    private const int Runs = 8;

    [Fact]
    public void No_sequence_of_events_exceeds_a_limit()
    {
        Gen.Select(Gen.Int[0, 10], Gen.Int[0, 1000]).List[1, 300].Sample(steps =>
        {
            var model = new Model();
            foreach (var (kind, which) in steps)
            {
                model.Step(kind, which);
                model.Check();
            }
        }, iter: 3_000);
    }

    [Fact]
    public void Whatever_was_said_a_rebuilt_index_starts_everyone_in_turn()
    {
        Gen.Select(Gen.Int[0, 10], Gen.Int[0, 1000]).List[1, 100].Sample(steps =>
        {
            var model = new Model();
            foreach (var (kind, which) in steps)
            {
                model.Step(kind, which);
            }

            model.DrainFromTheLedger();
        }, iter: 300);
    }

    private sealed class Model
    {
        private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private static readonly Dictionary<string, int> Limits = new() { ["q0"] = 1, ["q1"] = 2 };
        private static readonly Dictionary<string, int> Slots = new() { ["n0"] = 2, ["n1"] = 1 };

        private readonly LedgerRun[] _runs = [.. Enumerable.Range(0, Runs).Select(number => new LedgerRun(new(Guid.NewGuid()), $"q{number % 2}", number % 3 == 0 ? "n1" : null))];
        private readonly List<(Grant Grant, string Node)> _pending = [];
        private readonly List<Action<AdmissionIndex>> _news = [];
        private long _epoch;
        private AdmissionIndex _index = null!;

        public Model() => Rebuild();

        public void Step(int kind, int which)
        {
            var run = _runs[which % Runs];
            var node = "n" + (which % 2);
            switch (kind)
            {
                case 0 or 1 when run.Open is null:
                    _index.Offer(new(run.Id, run.Queue, Start) { Node = run.Wanted });
                    break;
                case 2 or 3:
                    _pending.AddRange(_index.Take(node).Select(grant => (grant, node)));
                    break;
                case 4 or 5 when _pending.Count > 0:
                    Resolve(which % _pending.Count);
                    break;
                case 6 or 7 when run.Open is not null:
                    run.Open = null;
                    var ended = run.Attempts;
                    Tell(index => index.Release(run.Id, ended), which);
                    break;
                case 8 or 9 when _news.Count > 0:
                    _news[which % _news.Count](_index);
                    break;
                case 10 when which % 4 == 0:
                    Rebuild();
                    break;
            }
        }

        public void Check()
        {
            foreach (var (queue, limit) in Limits)
            {
                Assert.True(_runs.Count(run => run.Open is not null && run.Queue == queue) <= limit, $"more than {limit} run in {queue}");
            }

            foreach (var (node, slots) in Slots)
            {
                Assert.True(_runs.Count(run => run.Open == node) <= slots, $"more than {slots} run on {node}");
            }
        }

        public void DrainFromTheLedger()
        {
            Rebuild();
            var waiting = _runs.Where(run => run.Open is null).Select(run => run.Id).ToHashSet();
            for (var round = 0; round < Runs; round++)
            {
                foreach (var run in _runs.Where(run => run.Open is not null))
                {
                    run.Open = null;
                    _index.Release(run.Id, run.Attempts);
                }

                foreach (var node in Slots.Keys)
                {
                    foreach (var grant in _index.Take(node))
                    {
                        Claim(grant, node);
                        Check();
                        waiting.Remove(grant.Run);
                    }
                }
            }

            Assert.Empty(waiting);
        }

        /// <summary>The node claims it, and the ledger decides, unless the node gives it back unseen.</summary>
        private void Resolve(int at)
        {
            var (grant, node) = _pending[at];
            _pending.RemoveAt(at);
            if (at % 3 == 2 || grant.Epoch != _epoch || RunOf(grant).Open is not null)
            {
                Tell(index => index.Return(grant), at);
                return;
            }

            var attempt = Take(grant, node);
            Tell(index => index.Claim(grant, attempt), at);
        }

        private void Claim(Grant grant, string node) => _index.Claim(grant, Take(grant, node));

        private int Take(Grant grant, string node)
        {
            var run = RunOf(grant);
            Assert.Equal(run.Wanted ?? node, node);
            run.Open = node;
            return ++run.Attempts;
        }

        private LedgerRun RunOf(Grant grant) => _runs.Single(run => run.Id == grant.Run);

        /// <summary>Now, or later, or both; what is never told is lost.</summary>
        private void Tell(Action<AdmissionIndex> news, int which)
        {
            if (which % 2 == 0)
            {
                news(_index);
            }

            _news.Add(news);
        }

        private void Rebuild()
        {
            _index = new(new(), ++_epoch, TimeProvider.System);
            foreach (var (queue, limit) in Limits)
            {
                _index.SetLimit(queue, limit);
            }

            foreach (var (node, slots) in Slots)
            {
                _index.SetNode(node, slots);
            }

            foreach (var run in _runs)
            {
                if (run.Open is { } node)
                {
                    _index.Occupy(run.Id, run.Attempts, run.Queue, node);
                }
                else
                {
                    _index.Offer(new(run.Id, run.Queue, Start) { Node = run.Wanted });
                }
            }
        }

        private sealed class LedgerRun(RunId id, string queue, string? wanted)
        {
            public RunId Id => id;

            public string Queue => queue;

            /// <summary>The node that it waits for.</summary>
            public string? Wanted => wanted;

            /// <summary>The node of its open attempt; null while it waits.</summary>
            public string? Open { get; set; }

            public int Attempts { get; set; }
        }
    }
}
