using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>The statements of the tables <c>limits</c> and <c>holds</c>, which differ in their names alone.</summary>
internal static class Rules
{
    private const string Columns = "name, version, rule, at, caller, correlation_id, note";

    public static string Select(RuleKind kind) => $"select {Columns} from {Table(kind)}";

    public static string SelectLast(RuleKind kind) =>
        $"{Select(kind)} l where version = (select max(version) from {Table(kind)} where name = l.name) order by name";

    public static string Insert(RuleKind kind) =>
        $"""
        insert into {Table(kind)} ({Columns})
        select @name, @version, @rule, @at, @caller, @correlation, @note
        where @version = 1 + coalesce((select max(version) from {Table(kind)} where name = @name), 0)
        on conflict (name, version) do nothing
        """;

    public static RuleRow Read(RowReader row) =>
        new(row.String(), row.Long(), row.StringOrNull(), row.Time(), row.String(), row.String(), row.StringOrNull());

    public static (string, object?)[] Parameters(RuleRow row) =>
    [
        ("@name", row.Name), ("@version", row.Version), ("@rule", row.Rule), ("@at", row.At), ("@caller", row.Caller),
        ("@correlation", row.CorrelationId), ("@note", row.Note),
    ];

    private static string Table(RuleKind kind) => kind is RuleKind.Limit ? "limits" : "holds";
}
