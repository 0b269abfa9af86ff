using System.Reflection;
using DbUp;
using DbUp.Builder;
using DbUp.Engine.Output;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Orleans.Workflows.Ledger.Schema;

/// <summary>
/// Takes a database forward to this program's schema: the embedded scripts of a folder, each once, in order, each in a
/// transaction. A lock lets several silos start at once and one migrate.
/// </summary>
internal static class SchemaMigration
{
    // Any number that nothing else in the database uses.
    private const long LockKey = 0x6f77_6c65_6467_6572;

    public static async Task ApplyPostgresAsync(string connectionString, string folder, string journal, CancellationToken cancellationToken)
    {
        var locking = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(locking.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var take = new NpgsqlCommand("select pg_advisory_lock($1)", connection)
        {
            CommandTimeout = 0,
            Parameters = { new NpgsqlParameter<long> { TypedValue = LockKey } },
        };
        await take.ExecuteNonQueryAsync(cancellationToken);

        // The lock ends with its connection.
        Upgrade(DeployChanges.To.PostgresqlDatabase(locking.ConnectionString).JournalToPostgresqlTable("public", journal), folder);
    }

    public static async Task ApplySqliteAsync(string connectionString, string folder, string journal, CancellationToken cancellationToken)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString) { Pooling = false };
        await using var held = await SchemaLock.TakeAsync(Path.GetFullPath(builder.DataSource) + ".lock", cancellationToken);
        Upgrade(DeployChanges.To.SqliteDatabase(builder.ToString()).JournalToSqliteTable(journal), folder);
    }

    private static void Upgrade(UpgradeEngineBuilder builder, string folder)
    {
        var prefix = $"{typeof(SchemaMigration).Namespace}.{folder}.";
        var engine = builder
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), name => IsIn(prefix, name))
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .LogTo(new NoOpUpgradeLog())
            .Build();

        var known = engine.GetDiscoveredScripts().Select(script => script.Name).ToHashSet();
        if (engine.GetExecutedScripts().FirstOrDefault(name => !known.Contains(name)) is { } newer)
        {
            throw new InvalidOperationException($"The database was migrated by a newer version ({newer}); this version can't use it. Start that version or a later one.");
        }

        var result = engine.PerformUpgrade();
        if (!result.Successful)
        {
            throw new InvalidOperationException($"The migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
        }
    }

    // Scripts of the folder itself, not of a folder in it: their names begin with a number.
    private static bool IsIn(string prefix, string name) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && (char.IsDigit(name[prefix.Length]) || name[prefix.Length] == '_');
}
