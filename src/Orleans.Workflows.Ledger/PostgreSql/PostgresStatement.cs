using Npgsql;
using Orleans.Workflows.Ledger.Sql;

namespace Orleans.Workflows.Ledger.PostgreSql;

/// <summary>A statement over a set of rows, each column of which travels as one array.</summary>
internal sealed class PostgresStatement<TRow>
{
    private readonly Column<TRow>[] _columns;
    private readonly string _sql;

    /// <param name="sql">Takes the rows from <c>{rows}</c>, which has the alias <c>i</c>; further parameters come after the columns', as <c>{1}</c>, <c>{2}</c>….</param>
    public PostgresStatement(string sql, params IEnumerable<Column<TRow>> columns)
    {
        _columns = [.. columns];
        var arrays = string.Join(", ", _columns.Select((column, n) => $"${n + 1}::{column.PostgresType}[]"));
        _sql = sql.Replace("{rows}", $"unnest({arrays}) as i({Columns.Names(_columns)})", StringComparison.Ordinal);
        for (var n = 1; n <= 3; n++)
        {
            _sql = _sql.Replace($"{{{n}}}", $"${_columns.Length + n}", StringComparison.Ordinal);
        }
    }

    public void AddTo(NpgsqlBatch batch, IReadOnlyList<TRow> rows, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var command = new NpgsqlBatchCommand(_sql);
        foreach (var column in _columns)
        {
            command.Parameters.Add(column.ToArray(rows));
        }

        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(command);
    }
}
