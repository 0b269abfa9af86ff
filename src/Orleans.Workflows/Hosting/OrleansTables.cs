using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Schema;

namespace Orleans.Workflows.Hosting;

/// <summary>Where Orleans keeps its own rows (reminders, grain state, membership): the ledger's PostgreSQL database, or an SQLite file of its own.</summary>
public static class OrleansTables
{
    /// <summary>Creates or migrates them; several silos may do so at once.</summary>
    public static Task ApplyAsync(LedgerOptions database, string stateDirectory, CancellationToken cancellationToken = default) =>
        OrleansSchema.ApplyAsync(database.Provider, ConnectionOf(database, stateDirectory), cancellationToken);

    internal static bool IsSqlite(LedgerOptions database) => database.Provider == LedgerProviders.Sqlite;

    internal static (string Invariant, string ConnectionString) Provider(LedgerOptions database, string stateDirectory) =>
        (OrleansSchema.InvariantOf(database.Provider), ConnectionOf(database, stateDirectory));

    private static string ConnectionOf(LedgerOptions database, string stateDirectory) =>
        IsSqlite(database) ? $"Data Source={Path.Combine(stateDirectory, "orleans.db")}" : database.ConnectionString;
}
