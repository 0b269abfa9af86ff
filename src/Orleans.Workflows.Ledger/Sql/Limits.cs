using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>The statements of the table <c>limits</c>.</summary>
internal static class Limits
{
    public const string Select = "select name, version, rule, at, caller, correlation_id, note from limits";

    public const string SelectLast = $"{Select} l where version = (select max(version) from limits where name = l.name) order by name";

    public const string Insert =
        """
        insert into limits (name, version, rule, at, caller, correlation_id, note)
        select @name, @version, @rule, @at, @caller, @correlation, @note
        where @version = 1 + coalesce((select max(version) from limits where name = @name), 0)
        on conflict (name, version) do nothing
        """;

    public static LimitRow Read(RowReader row) =>
        new(row.String(), row.Long(), row.StringOrNull(), row.Time(), row.String(), row.String(), row.StringOrNull());

    public static (string, object?)[] Parameters(LimitRow row) =>
    [
        ("@name", row.Name), ("@version", row.Version), ("@rule", row.Rule), ("@at", row.At), ("@caller", row.Caller),
        ("@correlation", row.CorrelationId), ("@note", row.Note),
    ];
}
