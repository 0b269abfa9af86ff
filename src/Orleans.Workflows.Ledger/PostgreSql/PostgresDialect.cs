using System.Data.Common;
using Npgsql;
using Orleans.Workflows.Ledger.Sql;

namespace Orleans.Workflows.Ledger.PostgreSql;

internal sealed class PostgresDialect(NpgsqlDataSource source) : SqlDialect
{
    /// <summary>For a connection that is at hand.</summary>
    public static PostgresDialect Stored { get; } = new(null!);

    public override string BeginRetention => "set local orleans_workflows.maintenance = 'retention'";

    public override string EndRetention => "set local orleans_workflows.maintenance = ''";

    public override RowReader Read(DbDataReader reader) => new PostgresRowReader(reader);

    public override object? Store(object? value) => value switch
    {
        string text => StoredText.Of(text),
        DateTimeOffset time => time.ToUniversalTime(),
        _ => value,
    };

    public override string MoneyAsNumber(string expression) => $"cast({expression} as double precision)";

    public override async Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return await read(new SqlSession(connection, this));
        }
        catch (Exception error) when (PostgresErrors.IsUnavailable(error) && !cancellationToken.IsCancellationRequested)
        {
            throw Unavailable(error);
        }
    }

    public override async Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> write, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var result = await write(new SqlSession(connection, this, transaction));
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        catch (Exception error) when (PostgresErrors.IsUnavailable(error) && !cancellationToken.IsCancellationRequested)
        {
            throw Unavailable(error);
        }
    }

    private static LedgerUnavailableException Unavailable(Exception error) => new("The database can't be reached.", error);
}
