using System.Text.Json;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Admission.Limits;

/// <summary>Limits as the ledger keeps them.</summary>
internal static class LimitRows
{
    public static RuleRow Row(LimitOrder order, long version, DateTimeOffset at) =>
        new(order.Name, version, order.Spec is null ? null : JsonSerializer.Serialize(order.Spec, LimitJson.Default.LimitSpec), at, order.Caller, order.CorrelationId, order.Note);

    public static LimitSpec? Spec(RuleRow row) => row.Rule is null ? null : JsonSerializer.Deserialize(row.Rule, LimitJson.Default.LimitSpec);

    /// <summary>Those that hold. One that can't be read, since a later version of the service wrote it, holds nobody back.</summary>
    public static IReadOnlyList<LimitRule> Rules(IReadOnlyList<RuleRow> rows, Action<string, JsonException>? unreadable = null)
    {
        var rules = new List<LimitRule>();
        foreach (var row in rows)
        {
            try
            {
                if (Spec(row) is { } spec)
                {
                    rules.Add(LimitRule.Of(row.Name, spec));
                }
            }
            catch (JsonException exception)
            {
                unreadable?.Invoke(row.Name, exception);
            }
        }

        return rules;
    }
}
