using System.Text.Json;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Admission.Holds;

/// <summary>Holds as the ledger keeps them.</summary>
internal static class HoldRows
{
    public static RuleRow Row(HoldRule rule, long version, string correlationId) =>
        new(rule.Subject.Id, version, JsonSerializer.Serialize(new(rule.ToSpec(), rule.Source), HoldJson.Default.StoredHold), rule.Since, rule.Caller, correlationId, null);

    public static RuleRow Removal(HoldSubject subject, long version, DateTimeOffset at, HoldOrder order) =>
        new(subject.Id, version, null, at, order.Caller, order.CorrelationId, order.Note);

    /// <summary>Null: it was released.</summary>
    public static HoldRule? Rule(RuleRow row) =>
        row.Rule is not null && JsonSerializer.Deserialize(row.Rule, HoldJson.Default.StoredHold) is var (spec, source)
            ? new(HoldSubject.Of(spec.Dimension, spec.Label, spec.Key), source, spec.Reason, row.Caller, row.At, spec.Until)
            : null;

    /// <summary>Those whose time is not over. One that can't be read, since a later version of the service wrote it, holds nobody back.</summary>
    public static IReadOnlyList<HoldRule> Standing(IReadOnlyList<RuleRow> rows, DateTimeOffset now, Action<string, JsonException> unreadable)
    {
        var rules = new List<HoldRule>();
        foreach (var row in rows)
        {
            try
            {
                if (Rule(row) is { } rule && !(rule.Until <= now))
                {
                    rules.Add(rule);
                }
            }
            catch (JsonException exception)
            {
                unreadable(row.Name, exception);
            }
        }

        return rules;
    }
}
