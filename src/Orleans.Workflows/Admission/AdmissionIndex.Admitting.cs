using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>Whether a new run may wait at all. Who was told yes counts from then on, though its offer comes only once it is durable.</summary>
internal sealed partial class AdmissionIndex
{
    /// <summary>How long a place is kept for a run whose offer does not come: it was refused for another reason, or its silo died.</summary>
    private static readonly TimeSpan Expectation = TimeSpan.FromSeconds(10);

    private readonly Dictionary<RunId, Expected> _expected = [];
    private readonly Queue<(RunId Run, long At)> _expectedSince = [];

    /// <summary>Some rule refuses new runs.</summary>
    public bool MayRefuse => _limits.Rejects;

    /// <summary>Null: it may, and has a place.</summary>
    public Failure? Admit(RunId run, string queue, string? demand)
    {
        while (_expectedSince.TryPeek(out var oldest) && _time.GetElapsedTime(oldest.At) >= Expectation)
        {
            _expectedSince.Dequeue();
            Expect(oldest.Run, null);
        }

        if (_waiting.ContainsKey(run) || _slots.ContainsKey(run) || _expected.ContainsKey(run))
        {
            return null;
        }

        var limits = _limits.Resolve(Demand.FromJson(demand), queue);
        if (limits.Full is { } full)
        {
            var cause = WaitCauses.OfLimit(full.Rule, UseOf(full), _time.GetUtcNow());
            return new()
            {
                Kind = FailureKind.Exhausted,
                Code = "limit_reached",
                Message = $"The run is refused by {cause.Text}.",
                Remedy = "Send it again after the delay, or raise the limit.",
                Retryable = true,
                RetryAfter = full.OpensAt is { } at && full.Waiting == 0 ? -_time.GetElapsedTime(at) : full.Refuse(),
            };
        }

        Expect(run, limits, new(queue, demand, limits));
        _expectedSince.Enqueue((run, _time.GetTimestamp()));
        return null;
    }

    /// <summary>It counts under these limits from now on; under none, if its offer is there or does not come.</summary>
    private void Expect(RunId run, LimitSet? limits, Expected? expected = null)
    {
        if (_expected.Remove(run, out var before))
        {
            before.Limits.Leave(1);
            before.Limits.Use(-1);
        }

        if (limits is not null)
        {
            limits.Use(1);
            limits.Join(1);
            _expected.Add(run, expected! with { Limits = limits });
        }
    }

    private sealed record Expected(string Queue, string? Demand, LimitSet Limits);
}
