using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>Locks by chance, with retries, returns and an operator, against a model that looks at all holders each time.</summary>
public sealed class LockModelTests
{
    [Fact]
    public void No_two_hold_what_one_holds_alone_and_everyone_gets_a_turn() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 10_000]).List[1, 150].Sample(steps =>
        {
            var model = new Model();
            foreach (var (kind, which) in steps)
            {
                model.Step(kind, which);
            }

            model.Drain();
        }, iter: 2_000);

    private sealed class Model
    {
        private static readonly string[] Names = ["a", "b", "c"];

        private readonly FakeTimeProvider _time = new();
        private readonly AdmissionIndex _index;
        private readonly Dictionary<RunId, (Offer Offer, Demand Demand)> _waiting = [];
        private readonly List<(Grant Grant, int Attempt)> _running = [];
        private readonly Dictionary<RunId, (Demand Demand, int Attempt)> _holders = [];

        public Model()
        {
            _index = new(new(), 1, _time);
            _index.SetNode("n", 5);
        }

        public void Step(int kind, int which)
        {
            _time.Advance(TimeSpan.FromSeconds(1 + which % 30));
            switch (kind)
            {
                case <= 3:
                    Offer(which);
                    break;
                case <= 5:
                    Take();
                    break;
                case 6 or 7 when _running.Count > 0:
                    End(which % _running.Count, goesOn: kind == 7 && which % 2 == 0);
                    break;
                case 8 when _waiting.Count > 0:
                    Withdraw(_waiting.Keys.ElementAt(which % _waiting.Count));
                    break;
                case 9 when _holders.Count > 0:
                    Unlock(_holders.Keys.ElementAt(which % _holders.Count));
                    break;
            }
        }

        public void Drain()
        {
            for (var i = 0; _waiting.Count > 0 || _running.Count > 0; i++)
            {
                Assert.True(i < 1_000, "somebody waits for ever");
                Take();
                while (_running.Count > 0)
                {
                    End(0, goesOn: false);
                }

                // Who was left with locks while it waits gets its turn as well.
                _time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        private void Offer(int which)
        {
            var locks = Names.Where((_, i) => (which >> i) % 2 == 0).Select((name, i) => new LockRequest(name, (which >> (3 + i)) % 2 == 0 ? LockMode.Shared : LockMode.Exclusive)).ToArray();
            var demand = new Demand { Priority = 1 + which % 5, FairnessKey = which % 3 == 0 ? "x" : null, Locks = locks.Length == 0 ? null : locks };
            Wait(new(new(Guid.NewGuid()), "q", _time.GetUtcNow()) { Demand = demand.ToJson() }, demand);
        }

        private void Wait(Offer offer, Demand demand)
        {
            Assert.True(_index.Offer(offer));
            _waiting.Add(offer.Run, (offer, demand));
        }

        private void Take()
        {
            foreach (var grant in _index.Take("n"))
            {
                Assert.True(_waiting.Remove(grant.Run, out var taken));
                Assert.True(MayHold(grant.Run, taken.Demand), "a lock is held that somebody else holds");
                var attempt = _holders.TryGetValue(grant.Run, out var before) ? before.Attempt + 1 : 1;
                _running.Add((grant, attempt));
                if (taken.Demand.Locks is not null)
                {
                    _holders[grant.Run] = (taken.Demand, attempt);
                }
            }

            // Whoever could start with nobody before him on the lock has started.
            Assert.DoesNotContain(_waiting.Values, waiting => _running.Count < 5 && MayHold(waiting.Offer.Run, waiting.Demand) && !IsBehindAnother(waiting.Offer.Run, waiting.Demand));
        }

        private bool MayHold(RunId run, Demand demand) =>
            (demand.Locks ?? []).All(asked => _holders.All(holder => holder.Key == run || holder.Value.Demand.Locks!.All(held => held.Name != asked.Name || (held.Mode, asked.Mode) == (LockMode.Shared, LockMode.Shared))));

        private bool IsBehindAnother(RunId run, Demand demand) => (demand.Locks ?? []).Where(asked => asked.Mode is LockMode.Shared)
            .Any(asked => _waiting.Values.Any(other => other.Offer.Run != run && other.Demand.Locks?.Contains(new(asked.Name, LockMode.Exclusive)) == true));

        private void End(int at, bool goesOn)
        {
            var (grant, attempt) = _running[at];
            _running.RemoveAt(at);
            _index.Claim(grant, attempt);
            _index.Release(grant.Run, attempt);
            if (goesOn && Demand.FromJson(grant.Demand) is { } demand)
            {
                Wait(new(grant.Run, "q", _time.GetUtcNow()) { Demand = grant.Demand }, demand);
            }
            else if (_holders.Remove(grant.Run))
            {
                _index.Unlock(grant.Run, attempt);
            }
        }

        private void Withdraw(RunId run)
        {
            _waiting.Remove(run);
            _index.Withdraw(run);
            if (_holders.Remove(run, out var holder))
            {
                _index.Unlock(run, holder.Attempt);
            }
        }

        /// <summary>An operator, where the attempt is known: one that still runs goes on without.</summary>
        private void Unlock(RunId run)
        {
            if (_waiting.ContainsKey(run) && _holders.Remove(run, out var holder))
            {
                _index.Unlock(run, holder.Attempt);
            }
        }
    }
}
