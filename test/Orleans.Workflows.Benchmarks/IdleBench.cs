using System.Diagnostics;
using Npgsql;
using Orleans.Runtime;
using Orleans.Workflows.Admission;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Benchmarks;

/// <summary>10,000 runs that wait: managed memory each after collection, and statements a second while nothing happens.</summary>
internal static class IdleBench
{
    public static async Task<int> RunAsync(string database, BenchOptions options)
    {
        var runs = options.Runs ?? 10_000;
        await using var server = await BenchServer.StartAsync(database, 1, options, ("Admission:QueueLimits:parked", "0"));
        await SubmitAsync(server, 500);
        var before = await CollectedAsync(server);
        await SubmitAsync(server, runs);
        var after = await CollectedAsync(server);
        double? statements = null;
        if (database == "postgresql")
        {
            var from = await StatementsAsync();
            var watch = Stopwatch.StartNew();
            await Task.Delay(TimeSpan.FromSeconds(options.Seconds), TimeProvider.System);
            statements = (await StatementsAsync() - from) / watch.Elapsed.TotalSeconds;
        }

        new Measurement
        {
            Bench = "idle",
            Database = database,
            Runs = runs,
            Trials = 1,
            BytesPerRun = (double)(after - before) / runs,
            StatementsPerSecond = statements,
            PeakRssMb = Costs.PeakRssMb,
        }.Print();
        return 0;
    }

    private static async Task SubmitAsync(WorkflowsServer server, int runs)
    {
        foreach (var batch in Enumerable.Range(0, runs).Chunk(64))
        {
            await Task.WhenAll(batch.Select(_ => server.StartRunAsync(new() { Agent = NoopAgent.Name, Message = "nothing", Queue = "parked" })));
        }
    }

    private static async Task<long> CollectedAsync(WorkflowsServer server)
    {
        await server.Grains.GetGrain<IAdmissionGrain>(0).GetQueuesAsync();
        await server.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>What the server was asked, counted by PostgreSQL itself; its own background work is not in it, Orleans' membership and reminders are.</summary>
    private static async Task<long> StatementsAsync()
    {
        await using var connection = new NpgsqlConnection((await PostgresServer.SharedAsync()).AdminConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            create extension if not exists pg_stat_statements;
            select coalesce(sum(calls), 0)::bigint from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname <> current_database()
            """,
            connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
