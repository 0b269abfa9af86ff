using Orleans.Workflows.Ledger;

namespace Orleans.Workflows.Hosting;

/// <summary>Where Orleans keeps its own rows (reminders, grain state, membership): the ledger's PostgreSQL database, or an SQLite file of its own.</summary>
internal static class OrleansTables
{
    // Orleans' name for SQLite; it loads Microsoft.Data.Sqlite.
    private const string SqliteInvariant = "System.Data.SQLite";
    private const string PostgresInvariant = "Npgsql";

    public static bool IsSqlite(LedgerOptions database) => database.Provider.Equals("sqlite", StringComparison.OrdinalIgnoreCase);

    public static (string Invariant, string ConnectionString) Provider(LedgerOptions database, string stateDirectory) =>
        IsSqlite(database)
            ? (SqliteInvariant, $"Data Source={Path.Combine(stateDirectory, "orleans.db")}")
            : (PostgresInvariant, database.ConnectionString);
}
