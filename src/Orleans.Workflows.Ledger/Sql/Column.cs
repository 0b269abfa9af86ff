using Npgsql;
using Orleans.Workflows.Ledger.PostgreSql;
using Orleans.Workflows.Ledger.Sqlite;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>A column, and how a row gives its value: written once, used by both databases.</summary>
internal abstract class Column<TRow>(string name)
{
    public string Name => name;

    /// <summary>The column's type as PostgreSQL spells it.</summary>
    public abstract string PostgresType { get; }

    /// <summary>The values of many rows as one array.</summary>
    public abstract NpgsqlParameter ToArray(IReadOnlyList<TRow> rows);

    public abstract bool IsNull(TRow row);

    public abstract void Bind(SqliteStatement statement, int index, TRow row);
}

internal sealed class Column<TRow, TValue>(string name, Func<TRow, TValue> value) : Column<TRow>(name)
{
    public override string PostgresType => PostgresValues<TValue>.TypeName;

    public override NpgsqlParameter ToArray(IReadOnlyList<TRow> rows)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = PostgresValues<TValue>.Store(value(rows[i]));
        }

        return new NpgsqlParameter<TValue[]> { TypedValue = values, NpgsqlDbType = PostgresValues<TValue>.ArrayType };
    }

    public override bool IsNull(TRow row) => value(row) is null;

    public override void Bind(SqliteStatement statement, int index, TRow row) => statement.Bind(index, value(row));
}
