using Microsoft.Data.Sqlite;

namespace Orleans.Workflows.Ledger.Schema;

/// <summary>
/// The tables of Orleans' own ADO.NET providers, from our SQL: the providers' packages hold none. On PostgreSQL grain
/// storage, reminders and membership, beside the ledger's tables; on SQLite grain storage and reminders, in a file of
/// their own, so that the ledger's writer shares its lock with nobody.
/// </summary>
public static class OrleansSchema
{
    private const string Journal = "orleans_schema_versions";

    /// <summary>The <c>Invariant</c> that Orleans' providers are given for <paramref name="provider"/>.</summary>
    /// <exception cref="ArgumentException">There is no such provider.</exception>
    public static string InvariantOf(string provider) => provider switch
    {
        LedgerProviders.PostgreSql => "Npgsql",
        // What Orleans 10.4 calls Microsoft.Data.Sqlite.
        LedgerProviders.Sqlite => "System.Data.SQLite",
        _ => throw Unknown(provider),
    };

    /// <summary>Creates or migrates the tables. Several silos may do so at once; one migrates.</summary>
    /// <param name="provider">One of <see cref="LedgerProviders"/>.</param>
    /// <param name="connectionString">For SQLite another file than the ledger's.</param>
    /// <param name="cancellationToken">Ends the wait for another silo's migration.</param>
    /// <exception cref="ArgumentException">There is no such provider.</exception>
    /// <exception cref="InvalidOperationException">A migration failed, or the database is newer than this program.</exception>
    public static async Task ApplyAsync(string provider, string connectionString, CancellationToken cancellationToken = default)
    {
        switch (provider)
        {
            case LedgerProviders.PostgreSql:
                await SchemaMigration.ApplyPostgresAsync(connectionString, "PostgreSql.Orleans", Journal, cancellationToken);
                break;
            case LedgerProviders.Sqlite:
                await SchemaMigration.ApplySqliteAsync(connectionString, "Sqlite.Orleans", Journal, cancellationToken);
                await UseWriteAheadLogAsync(connectionString, cancellationToken);
                break;
            default:
                throw Unknown(provider);
        }
    }

    // Kept by the file: readers and the writer don't wait for each other on any later connection.
    private static async Task UseWriteAheadLogAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "pragma journal_mode = wal";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static ArgumentException Unknown(string provider) =>
        new($"There is no provider '{provider}'; it must be '{LedgerProviders.Sqlite}' or '{LedgerProviders.PostgreSql}'.", nameof(provider));
}
