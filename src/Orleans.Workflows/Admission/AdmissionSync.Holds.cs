using Microsoft.Extensions.Logging;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Admission;

/// <summary>The holds that stand against the ledger's: a person's are durable before they stand, the service's own after.</summary>
internal sealed partial class AdmissionSync
{
    private int _holdChanges;

    /// <summary>A durable change.</summary>
    public void Change(HoldRule rule)
    {
        _holdChanges++;
        Apply(index => index.SetHold(rule));
    }

    /// <summary>A durable release.</summary>
    public HoldRule? Release(HoldSubject subject)
    {
        _holdChanges++;
        var rule = Index.FindHold(subject);
        Apply(index => index.ReleaseHold(subject));
        return rule;
    }

    /// <summary>Makes durable what circuits have put. What can't be is tried again at the next tick; it stands meanwhile.</summary>
    public async Task SaveHoldsAsync(CancellationToken cancellationToken = default)
    {
        var rules = Index.TakeNewHolds();
        try
        {
            while (rules.Count > 0)
            {
                var rule = rules[0];
                LogHeld(rule.Subject.Name, rule.Until!.Value, rule.Reason);
                var changes = await ledger.ReadRuleHistoryAsync(RuleKind.Hold, rule.Subject.Id, 1, cancellationToken);

                // Another's change of the same moment is a person's, and found at the next comparison.
                await ledger.PutRuleAsync(RuleKind.Hold, HoldRows.Row(rule, changes.Count == 0 ? 1 : changes[0].Version + 1, ""), cancellationToken);
                rules.RemoveAt(0);
            }
        }
        finally
        {
            Index.KeepNewHolds(rules);
        }
    }

    /// <summary>What circuits have put and nobody has saved yet outlives a change of the epoch.</summary>
    private void CarryOver(AdmissionIndex index)
    {
        var rules = Index.TakeNewHolds();
        rules.ForEach(rule => index.SetHold(rule));
        index.KeepNewHolds(rules);
    }

    /// <summary>Another activation may have put or released some. One that this one has put by itself and not saved yet stays.</summary>
    private async Task ReadHoldsAsync(AdmissionIndex index, CancellationToken cancellationToken)
    {
        var changes = _holdChanges;
        var rows = await ledger.ReadRulesAsync(RuleKind.Hold, cancellationToken);
        if (index == Index && changes != _holdChanges)
        {
            return;
        }

        foreach (var rule in HoldRows.Standing(rows, time.GetUtcNow(), LogUnreadable))
        {
            index.SetHold(rule);
        }

        var released = rows.Where(row => row.Rule is null).ToDictionary(row => row.Name, row => row.At);
        foreach (var info in index.Holds)
        {
            var subject = HoldSubject.Of(info.Spec.Dimension, info.Spec.Label, info.Spec.Key);
            if (released.TryGetValue(subject.Id, out var at) && at >= info.Since)
            {
                index.ReleaseHold(subject);
            }
        }
    }
}
