using System.Data.Common;
using Microsoft.Data.Sqlite;
using Orleans.Workflows.Ledger.Sql;

namespace Orleans.Workflows.Ledger.Sqlite;

/// <summary>Reads on pooled connections; the rare writes outside the group commit share the writer's connection, in turns with it.</summary>
internal sealed class SqliteDialect(SqliteConnections connections, SqliteConnection writer, Lock writing) : SqlDialect
{
    public override string BeginRetention => "insert into maintenance (name) values ('retention')";

    public override string EndRetention => "delete from maintenance";

    public override RowReader Read(DbDataReader reader) => new SqliteRowReader(reader);

    public override object? Store(object? value) => value switch
    {
        string text => StoredText.Of(text),
        Guid id => id.ToString("D"),
        DateTimeOffset time => SqliteText.Of(time),
        decimal money => SqliteText.Of(money),
        _ => value,
    };

    public override string MoneyAsNumber(string expression) => $"cast({expression} as real)";

    // SQLite has no asynchronous calls: a pool thread waits for the disk, not the caller's scheduler.
    public override Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> read, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            try
            {
                using var connection = connections.OpenReader();
                return await read(new SqlSession(connection, this));
            }
            catch (SqliteException error) when (SqliteErrors.IsUnavailable(error))
            {
                throw Unavailable(error);
            }
        }, cancellationToken);

    public override Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> write, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            lock (writing)
            {
                try
                {
                    using var transaction = writer.BeginTransaction(deferred: false);
                    // Completes synchronously: nothing in Microsoft.Data.Sqlite waits asynchronously.
                    var result = write(new SqlSession(writer, this, transaction)).GetAwaiter().GetResult();
                    transaction.Commit();
                    return result;
                }
                catch (SqliteException error) when (SqliteErrors.IsUnavailable(error))
                {
                    throw Unavailable(error);
                }
            }
        }, cancellationToken);

    private static LedgerUnavailableException Unavailable(Exception error) => new("The database file can't be used now.", error);
}
