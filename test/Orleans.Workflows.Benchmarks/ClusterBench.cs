using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Benchmarks;

/// <summary>Three server processes on one PostgreSQL that have nothing to do: statements a second and silo, without those of Orleans' membership.</summary>
internal static class ClusterBench
{
    private const int Silos = 3;

    /// <summary>From the last start until nothing of it is left to be done.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(90);

    public static async Task<int> RunAsync(BenchOptions options)
    {
        var directory = Directory.CreateTempSubdirectory("ow-cluster-").FullName;
        var servers = new List<ServerProcess>();
        try
        {
            var postgres = await PostgresServer.SharedAsync();
            var connection = await postgres.CreateDatabaseAsync("cluster");
            for (var i = 0; i < Silos; i++)
            {
                servers.Add(await ServerProcess.StartAsync(Settings($"n{i}", directory, connection, options), CancellationToken.None));
            }

            await Task.Delay(Settling, TimeProvider.System);
            var name = new NpgsqlConnectionStringBuilder(connection).Database!;
            var before = await StatementsAsync(postgres.AdminConnectionString, name);
            var watch = Stopwatch.StartNew();
            await Task.Delay(TimeSpan.FromSeconds(options.Seconds), TimeProvider.System);
            var seconds = watch.Elapsed.TotalSeconds;
            var after = await StatementsAsync(postgres.AdminConnectionString, name);
            var calls = after.Select(pair => (Query: pair.Key, Calls: pair.Value - before.GetValueOrDefault(pair.Key))).Where(pair => pair.Calls > 0).OrderByDescending(pair => pair.Calls).ToArray();
            foreach (var (query, count) in calls)
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count / seconds / Silos,7:0.000} {(IsMembership(query) ? "membership " : "")}{string.Join(' ', query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}"));
            }

            new Measurement
            {
                Bench = "cluster",
                Database = "postgresql",
                Runs = 0,
                Trials = 1,
                StatementsPerSecond = calls.Where(pair => !IsMembership(pair.Query)).Sum(pair => pair.Calls) / seconds / Silos,
                MembershipPerSecond = calls.Where(pair => IsMembership(pair.Query)).Sum(pair => pair.Calls) / seconds / Silos,
            }.Print();
            return 0;
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }

            Directory.Delete(directory, recursive: true);
        }
    }

    private static Dictionary<string, string> Settings(string node, string directory, string connection, BenchOptions options)
    {
        var settings = new Dictionary<string, string>
        {
            ["Workflows__StateDirectory"] = Path.Combine(directory, node),
            ["Workflows__Execution__Node"] = node,
            ["Workflows__Database__Provider"] = "postgresql",
            ["Workflows__Database__ConnectionString"] = connection,
            ["Workflows__Dashboard"] = "false",
        };
        foreach (var (key, value) in options.Settings)
        {
            settings["Workflows__" + key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return settings;
    }

    private static bool IsMembership(string query) => query.Contains("membership", StringComparison.OrdinalIgnoreCase);

    private static async Task<Dictionary<string, long>> StatementsAsync(string admin, string database)
    {
        await using var connection = new NpgsqlConnection(admin);
        await connection.OpenAsync();
        await using (var extension = new NpgsqlCommand("create extension if not exists pg_stat_statements", connection))
        {
            await extension.ExecuteNonQueryAsync();
        }

        await using var command = new NpgsqlCommand("select s.query, sum(s.calls)::bigint from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = $1 group by s.query", connection);
        command.Parameters.Add(new() { Value = database });
        var statements = new Dictionary<string, long>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            statements[rows.GetString(0)] = rows.GetInt64(1);
        }

        return statements;
    }
}
