using Npgsql;
using Orleans.Workflows.Ledger.Sql;

namespace Orleans.Workflows.Ledger.PostgreSql;

/// <summary>
/// One statement for many rows, which arrive as arrays: each column is one array. Columns that are null for most rows can be
/// <em>sparse</em>: a batch that has none of them takes a statement that leaves them out, which is half the arrays.
/// </summary>
internal sealed class PostgresStatement<TRow>
{
    private readonly Variant _full;
    private readonly Variant? _lean;
    private readonly Column<TRow>[] _sparse;

    /// <param name="sql">
    /// Makes the text for the columns that are there. Takes the rows from <c>{rows}</c>, which has the alias <c>i</c>; further
    /// parameters come after the columns', as <c>{1}</c>, <c>{2}</c>….
    /// </param>
    /// <param name="columns">All columns.</param>
    /// <param name="sparse">Those of them that a statement may leave out.</param>
    public PostgresStatement(Func<Column<TRow>[], string> sql, Column<TRow>[] columns, Column<TRow>[] sparse)
    {
        _full = new(sql(columns), columns);
        _sparse = sparse;
        if (sparse.Length > 0)
        {
            var lean = columns.Except(sparse).ToArray();
            _lean = new(sql(lean), lean);
        }
    }

    public PostgresStatement(string sql, params Column<TRow>[] columns)
        : this(_ => sql, columns, [])
    {
    }

    public void AddTo(NpgsqlBatch batch, IReadOnlyList<TRow> rows, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var variant = _lean is not null && AreSparseNull(rows) ? _lean : _full;
        var command = new NpgsqlBatchCommand(variant.Text);
        foreach (var column in variant.Arrays)
        {
            command.Parameters.Add(column.ToArray(rows));
        }

        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(command);
    }

    private bool AreSparseNull(IReadOnlyList<TRow> rows)
    {
        foreach (var row in rows)
        {
            foreach (var column in _sparse)
            {
                if (!column.IsNull(row))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private sealed class Variant
    {
        public Variant(string sql, Column<TRow>[] columns)
        {
            Arrays = columns;
            var arrays = string.Join(", ", columns.Select((column, n) => $"${n + 1}::{column.PostgresType}[]"));
            Text = sql.Replace("{rows}", $"unnest({arrays}) as i({Columns.Names(columns)})", StringComparison.Ordinal);
            for (var n = 1; n <= 3; n++)
            {
                Text = Text.Replace($"{{{n}}}", $"${columns.Length + n}", StringComparison.Ordinal);
            }
        }

        public string Text { get; }

        public Column<TRow>[] Arrays { get; }
    }
}
