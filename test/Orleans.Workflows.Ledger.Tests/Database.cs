using System.Data.Common;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>Raw SQL on a connection past the ledger.</summary>
internal static class Database
{
    public static readonly string[] Tables =
    [
        "runs", "run_labels", "attempts", "run_events", "usage_events", "transcripts", "commands", "idempotency_keys", "audit_log",
        "definitions", "limits", "holds", "admission", "locks", "nodes", "node_losses", "writers", "schedules", "batches",
    ];

    public static async Task<int> ExecuteAsync(this LedgerFixture fixture, string sql)
    {
        await using var connection = await fixture.ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync();
    }

    public static async Task<string> ScalarAsync(this LedgerFixture fixture, string sql)
    {
        await using var connection = await fixture.ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture) ?? "";
    }

    /// <summary>The database's words of refusal.</summary>
    public static async Task<string> RefusedAsync(this LedgerFixture fixture, string sql)
    {
        try
        {
            var rows = await fixture.ExecuteAsync(sql);
            Assert.Fail($"Not refused, {rows} rows: {sql}");
            return "";
        }
        catch (DbException error)
        {
            return error.Message;
        }
    }

    /// <summary>Rows by table, and every run's version, to prove that nothing was written.</summary>
    public static async Task<string> CountsAsync(this LedgerFixture fixture)
    {
        await using var connection = await fixture.ConnectAsync();
        await using var command = connection.CreateCommand();
        // A lane makes its row when it first writes: that is no trace of an append.
        command.CommandText = "select " + string.Join(" || ',' || ", Tables.Where(table => table != "writers").Select(table => $"(select count(*) from {table})")) +
            " || ';' || (select coalesce(sum(version), 0) from runs) || ';' || (select coalesce(sum(last_seq), 0) from writers)";
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public static async Task<IReadOnlyList<string>> ColumnsAsync(this LedgerFixture fixture, string table)
    {
        await using var connection = await fixture.ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"select * from {table} limit 1";
        await using var reader = await command.ExecuteReaderAsync();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
    }
}
