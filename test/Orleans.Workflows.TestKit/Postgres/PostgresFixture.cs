using Orleans.Workflows.TestKit.Prerequisites;
using Xunit;

namespace Orleans.Workflows.TestKit.Postgres;

/// <summary>A class fixture: an empty database on the shared server, dropped when the class is done.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? _server;
    private string? _connectionString;

    /// <summary>
    /// The superuser's connection string to the database. Without an installed PostgreSQL the calling test is skipped, or
    /// fails where <c>CI=true</c>.
    /// </summary>
    public string ConnectionString
    {
        get
        {
            if (_connectionString is null)
            {
                MissingPrerequisite.Report(PostgresServer.NotInstalled);
            }

            return _connectionString;
        }
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.IsInstalled)
        {
            _server = await PostgresServer.SharedAsync();
            _connectionString = await _server.CreateDatabaseAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DropDatabaseAsync(_connectionString!);
        }
    }
}
