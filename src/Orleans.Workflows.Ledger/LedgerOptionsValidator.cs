using Microsoft.Data.Sqlite;
using Npgsql;

namespace Orleans.Workflows.Ledger;

/// <summary>Says what is wrong with the settings before anything is opened, by the settings' names.</summary>
public static class LedgerOptionsValidator
{
    /// <summary>One sentence a fault; empty when all is well.</summary>
    public static IReadOnlyList<string> Validate(LedgerOptions options) => [.. Faults(options)];

    private static IEnumerable<string> Faults(LedgerOptions options)
    {
        if (options.Provider is not (LedgerProviders.Sqlite or LedgerProviders.PostgreSql))
        {
            yield return $"Workflows:Database:Provider is '{options.Provider}'; it must be '{LedgerProviders.Sqlite}' or '{LedgerProviders.PostgreSql}'.";
        }
        else if (ConnectionFault(options) is { } fault)
        {
            yield return fault;
        }

        if (string.IsNullOrWhiteSpace(options.Node))
        {
            yield return "Workflows:Database:Node is empty; it must be the node's stable id.";
        }

        foreach (var (name, value, most) in new (string, long, long)[]
        {
            (nameof(options.MaxBatch), options.MaxBatch, 10_000),
            (nameof(options.MaxPending), options.MaxPending, 1_000_000),
            (nameof(options.MaxInFlight), options.MaxInFlight, 16),
            (nameof(options.MaxPendingBytes), options.MaxPendingBytes, long.MaxValue),
            (nameof(options.MaxBatchBytes), options.MaxBatchBytes, 256 * 1024 * 1024),
        })
        {
            if (value < 1 || value > most)
            {
                yield return $"Workflows:Database:{name} is {value}; it must be from 1 to {most}.";
            }
        }

        if (options.UnavailableAfter <= TimeSpan.Zero)
        {
            yield return $"Workflows:Database:{nameof(options.UnavailableAfter)} is {options.UnavailableAfter}; it must be longer than zero.";
        }
    }

    private static string? ConnectionFault(LedgerOptions options)
    {
        try
        {
            var target = options.Provider == LedgerProviders.Sqlite
                ? new SqliteConnectionStringBuilder(options.ConnectionString).DataSource
                : new NpgsqlConnectionStringBuilder(options.ConnectionString).Host;
            return target switch
            {
                null or "" => "Workflows:Database:ConnectionString names no database; set 'Data Source=PATH' for sqlite or 'Host=…;Database=…' for postgresql.",
                ":memory:" => "Workflows:Database:ConnectionString is in memory; the ledger must be a file.",
                _ => null,
            };
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // The text itself may hold a password.
            return "Workflows:Database:ConnectionString can't be read as a connection string of this provider.";
        }
    }
}
