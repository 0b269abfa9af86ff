using System.Text.Json;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Admission.Limits;

/// <summary>Limits as the ledger keeps them.</summary>
internal static class LimitRows
{
    public static LimitRow Row(LimitOrder order, long version, DateTimeOffset at) =>
        new(order.Name, version, order.Spec is null ? null : JsonSerializer.Serialize(order.Spec, LimitJson.Default.LimitSpec), at, order.Caller, order.CorrelationId, order.Note);

    public static LimitSpec? Spec(LimitRow row) => row.Rule is null ? null : JsonSerializer.Deserialize(row.Rule, LimitJson.Default.LimitSpec);

    /// <summary>Those that hold.</summary>
    public static IReadOnlyList<LimitRule> Rules(IReadOnlyList<LimitRow> rows) =>
        [.. rows.Select(row => (row.Name, Spec: Spec(row))).Where(row => row.Spec is not null).Select(row => LimitRule.Of(row.Name, row.Spec!))];
}
