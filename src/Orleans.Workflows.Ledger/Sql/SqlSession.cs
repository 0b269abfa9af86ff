using System.Data.Common;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>One connection for one piece of work outside the group commit, in words that both databases share.</summary>
internal sealed class SqlSession(DbConnection connection, SqlDialect dialect, DbTransaction? transaction = null)
{
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<List<T>> QueryAsync<T>(
        string sql, Func<RowReader, T> read, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        var row = dialect.Read(reader);
        while (await row.NextRowAsync(cancellationToken))
        {
            rows.Add(read(row));
        }

        return rows;
    }

    public async Task<T?> FirstAsync<T>(
        string sql, Func<RowReader, T> read, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        var rows = await QueryAsync(sql, read, cancellationToken, parameters);
        return rows.Count == 0 ? default : rows[0];
    }

    private DbCommand Command(string sql, (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = dialect.Store(value) ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
