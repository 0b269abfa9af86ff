using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Orleans.Workflows.Ledger.Tests;

public sealed class SqliteLedgerFixture : LedgerFixture
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-ledger-").FullName;

    public override string Provider => LedgerProviders.Sqlite;

    public override string ConnectionString => $"Data Source={Path.Combine(_directory, "ledger.db")}";

    public override async Task<DbConnection> ConnectAsync()
    {
        var connection = new SqliteConnection(ConnectionString + ";Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    protected override Task CreateAsync() => Task.CompletedTask;

    protected override Task DropAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return Task.CompletedTask;
    }
}
