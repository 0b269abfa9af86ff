using System.Diagnostics;
using Orleans.Workflows.Admission;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Benchmarks;

/// <summary>100,000 runs that wait: how long a server takes after its start until admission knows them all, beside one with none.</summary>
internal static class RebuildBench
{
    public static async Task<int> RunAsync(string database, BenchOptions options)
    {
        var runs = options.Runs ?? 100_000;
        var connection = await BenchServer.CreateDatabaseAsync(database);
        var floors = new List<double>();
        WorkflowsServer? server = null;
        for (var trial = 0; trial < 3; trial++)
        {
            if (server is not null)
            {
                await server.StopAsync();
            }

            (server, var time) = await StartAsync(connection, server?.Directory, options, 0);
            floors.Add(time);
        }

        foreach (var batch in Enumerable.Range(0, runs).Chunk(256))
        {
            await Task.WhenAll(batch.Select(n => server!.StartRunAsync(new() { Agent = NoopAgent.Name, Message = "nothing", Queue = "parked", Tenant = $"tenant-{n % 10_000}" })));
        }

        var times = new List<double>();
        for (var trial = 0; trial < 3; trial++)
        {
            await server!.StopAsync();
            (server, var time) = await StartAsync(connection, server.Directory, options, runs);
            times.Add(time);
        }

        await server!.DisposeAsync();
        new Measurement
        {
            Bench = "rebuild",
            Database = database,
            Runs = runs,
            Trials = times.Count,
            Seconds = Statistics.Median(times),
            FloorSeconds = Statistics.Median(floors),
            PeakRssMb = Costs.PeakRssMb,
        }.Print();
        return 0;
    }

    private static async Task<(WorkflowsServer Server, double Seconds)> StartAsync(string? connection, string? directory, BenchOptions options, int waiting)
    {
        var watch = Stopwatch.StartNew();
        var server = await BenchServer.StartOnAsync(connection, directory, 1, options, ("Admission:QueueLimits:parked", "0"));
        var queues = await server.Grains.GetGrain<IAdmissionGrain>(0).GetQueuesAsync();
        var seconds = watch.Elapsed.TotalSeconds;
        return queues.Sum(queue => queue.Waiting) == waiting ? (server, seconds) : throw new InvalidOperationException($"{queues.Sum(queue => queue.Waiting)} of {waiting} wait.");
    }
}
