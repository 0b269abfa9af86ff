using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Workflows.Ledger.PostgreSql;
using Orleans.Workflows.Ledger.Schema;
using Orleans.Workflows.Ledger.Sql;
using Orleans.Workflows.Ledger.Sqlite;
using Orleans.Workflows.Ledger.Writing;

namespace Orleans.Workflows.Ledger;

/// <summary>Opens a ledger.</summary>
public static class LedgerFactory
{
    private const string Journal = "ledger_schema_versions";

    /// <summary>
    /// Creates or migrates the database and opens it. Several silos may do so at once; one migrates. A database that a newer
    /// version migrated is refused.
    /// </summary>
    /// <exception cref="ArgumentException">A setting is wrong; the message names each.</exception>
    /// <exception cref="InvalidOperationException">A migration failed, or the database is newer than this program.</exception>
    public static async Task<ILedger> OpenAsync(
        LedgerOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken = default)
    {
        if (LedgerOptionsValidator.Validate(options) is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        }

        return options.Provider == LedgerProviders.PostgreSql
            ? await OpenPostgresAsync(options, time, loggers, cancellationToken)
            : await OpenSqliteAsync(options, time, loggers, cancellationToken);
    }

    private static async Task<ILedger> OpenSqliteAsync(LedgerOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        await SchemaMigration.ApplySqliteAsync(options.ConnectionString, "Sqlite", Journal, cancellationToken);
        var connections = new SqliteConnections(options.ConnectionString);
        var writing = new Lock();
        var writer = connections.OpenWriter();
        var queue = new AppendQueue(options.MaxBatch, options.MaxBatchBytes);
        var lane = new SqliteLane(
            connections, writer, writing, options.Node, queue, new Outage(options.UnavailableAfter, time), loggers.CreateLogger<SqliteLane>());
        return new SqlLedger(new SqliteDialect(connections, writer, writing), new GroupCommit(options, time, [lane], queue), time);
    }

    private static async Task<ILedger> OpenPostgresAsync(LedgerOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        await SchemaMigration.ApplyPostgresAsync(options.ConnectionString, "PostgreSql", Journal, cancellationToken);
        var sources = PostgresSources.Open(options, loggers);
        var queue = new AppendQueue(options.MaxBatch, options.MaxBatchBytes);
        var lanes = Enumerable.Range(1, options.MaxInFlight).Select(lane => (IAppendLane)new PostgresLane(
            new PostgresWriterConnection(sources.Writer, $"{options.Node}/{lane}"), queue, new Outage(options.UnavailableAfter, time), loggers.CreateLogger<PostgresLane>()));
        return new SqlLedger(new PostgresDialect(sources.Reader), new GroupCommit(options, time, [.. lanes], queue, sources), time);
    }
}
