using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Benchmarks;

/// <summary>The server under measurement, as users run it: durable commits, triggers, audit.</summary>
internal static class BenchServer
{
    public static async Task<WorkflowsServer> StartAsync(string database, int slots, BenchOptions options, params (string Key, string Value)[] more) =>
        await StartOnAsync(await CreateDatabaseAsync(database), null, slots, options, more);

    /// <summary>Null: SQLite, in the server's own directory.</summary>
    public static async Task<string?> CreateDatabaseAsync(string database) =>
        database == "postgresql" ? await (await PostgresServer.SharedAsync()).CreateDatabaseAsync("bench") : null;

    /// <param name="connection">A database, of an earlier server perhaps.</param>
    /// <param name="directory">The earlier server's; null: a new one.</param>
    public static Task<WorkflowsServer> StartOnAsync(string? connection, string? directory, int slots, BenchOptions options, params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string>(options.Settings) { ["Execution:Slots"] = $"{slots}" };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return WorkflowsServer.StartAsync(settings, connection, directory, services: services => services.AddKeyedSingleton<IInSiloAgent, NoopAgent>(NoopAgent.Name), checkWire: false);
    }

    /// <summary>A ledger of its own, so that a floor's rows are nobody's work.</summary>
    public static async Task<ILedger> OpenLedgerAsync(string database, string directory) => await LedgerFactory.OpenAsync(
        new()
        {
            Provider = database,
            ConnectionString = database == LedgerProviders.PostgreSql
                ? await (await PostgresServer.SharedAsync()).CreateDatabaseAsync("floor")
                : $"Data Source={Path.Combine(directory, "floor.db")}",
            Node = "floor",
        },
        TimeProvider.System,
        NullLoggerFactory.Instance);

    /// <summary>Milliseconds from acceptance to the start of the first attempt, of the latest runs.</summary>
    public static async Task<double[]> StartDelaysAsync(this WorkflowsServer server, int runs)
    {
        var delays = new List<double>();
        string? cursor = null;
        do
        {
            var page = await server.Ledger.ListRunsAsync(new() { Limit = 500, Cursor = cursor, WithTotal = false });
            delays.AddRange(page.Runs.Select(run => (run.StartedAt!.Value - run.CreatedAt).TotalMilliseconds));
            cursor = page.Next;
        }
        while (cursor is not null && delays.Count < runs);
        return [.. delays.Take(runs)];
    }
}
