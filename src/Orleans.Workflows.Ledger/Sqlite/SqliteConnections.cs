using Microsoft.Data.Sqlite;

namespace Orleans.Workflows.Ledger.Sqlite;

/// <summary>Opens connections to the ledger's file: one that writes, and pooled ones that only read.</summary>
internal sealed class SqliteConnections(string connectionString)
{
    private readonly string _writer = Build(connectionString, SqliteOpenMode.ReadWriteCreate, pooling: false);
    private readonly string _reader = Build(connectionString, SqliteOpenMode.ReadWrite, pooling: true);

    public SqliteConnection OpenWriter()
    {
        // FULL: a commit is on disk before it is answered; WAL: readers never wait for it. A larger WAL before a
        // checkpoint costs disk, not memory, and halves what the file is rewritten.
        var connection = Open(_writer);
        Execute(connection, "pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000; pragma wal_autocheckpoint = 4000; pragma cache_size = -32768; pragma recursive_triggers = on");
        return connection;
    }

    public SqliteConnection OpenReader()
    {
        var connection = Open(_reader);
        Execute(connection, "pragma query_only = on; pragma busy_timeout = 5000");
        return connection;
    }

    /// <summary>Closes the pooled connections, so that the file can be moved or deleted.</summary>
    public void Clear()
    {
        using var connection = new SqliteConnection(_reader);
        SqliteConnection.ClearPool(connection);
    }

    private static string Build(string connectionString, SqliteOpenMode mode, bool pooling) =>
        new SqliteConnectionStringBuilder(connectionString) { Mode = mode, Pooling = pooling }.ToString();

    private static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
