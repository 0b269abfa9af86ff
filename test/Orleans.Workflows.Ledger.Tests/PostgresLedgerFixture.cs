using System.Data.Common;
using Npgsql;
using Orleans.Workflows.TestKit.Postgres;

namespace Orleans.Workflows.Ledger.Tests;

public sealed class PostgresLedgerFixture : LedgerFixture
{
    private readonly PostgresFixture _postgres = new();

    public override string Provider => LedgerProviders.PostgreSql;

    public override string ConnectionString => _postgres.ConnectionString;

    public override async Task<DbConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString + ";Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    protected override async Task CreateAsync() => await _postgres.InitializeAsync();

    protected override async Task DropAsync() => await _postgres.DisposeAsync();
}
