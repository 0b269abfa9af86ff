using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Admission;

/// <summary>Changes of holds: a person's are durable first, then they stand.</summary>
internal sealed partial class AdmissionGrain
{
    public Task<IReadOnlyList<HoldInfo>> GetHoldsAsync() => Task.FromResult(Index.Holds);

    public async Task<HoldResult> PutHoldAsync(HoldOrder order)
    {
        var subject = HoldSubject.Of(order.Dimension, order.Label, order.Key);
        var changes = await ledger.ReadRuleHistoryAsync(RuleKind.Hold, subject.Id, 1);
        var (now, version, before) = (time.GetUtcNow(), changes.Count == 0 ? 1 : changes[0].Version + 1, Find(subject));
        var rule = order.Spec is { } spec ? new HoldRule(subject, HoldSource.Operator, spec.Reason, order.Caller, now, spec.Until) : null;
        if (rule is null && before is null)
        {
            return new(null, Failure.NotFound($"There is no hold on {subject.Name}.", "List the holds to find what they are about.") with { Code = "hold_not_found", Field = "key" });
        }

        if (rule is not null && before is { Source: HoldSource.Operator } && before.Spec == order.Spec)
        {
            // Sent again.
            return new(before);
        }

        if (!await ledger.PutRuleAsync(RuleKind.Hold, rule is null ? HoldRows.Removal(subject, version, now, order) : HoldRows.Row(rule, version, order.CorrelationId)))
        {
            return new(null, Failure.Unavailable("Another silo changed the hold at the same moment.", TimeSpan.FromSeconds(1)));
        }

        if (rule is null)
        {
            _sync.Release(subject);
        }
        else
        {
            _sync.Change(rule);
        }

        Serve();
        SetDueClock();
        return new(rule is null ? before : Find(subject)) { Created = before is null };
    }

    private HoldInfo? Find(HoldSubject subject) => Index.Holds.FirstOrDefault(hold => HoldSubject.Of(hold.Spec.Dimension, hold.Spec.Label, hold.Spec.Key) == subject);

    private async Task SaveHoldsAsync()
    {
        try
        {
            await _sync.SaveHoldsAsync();
        }
        catch (LedgerUnavailableException unavailable)
        {
            LogUnavailable(unavailable);
        }
    }
}
