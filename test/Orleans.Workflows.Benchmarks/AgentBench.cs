using System.Diagnostics;

namespace Orleans.Workflows.Benchmarks;

/// <summary>300 runs of a child that prints 20 lines in 0.2 s, limit 20. Floor: a bare loop that spawns the same child and reads its output.</summary>
internal static class AgentBench
{
    private const int Limit = 20;
    private const string Line = """{"type":"progress","text":"a line of about eighty bytes, as agents print them"}""";

    // Ten lines, 0.1 s, ten lines, 0.1 s.
    private const string Child = "for half in 1 2; do i=0; while [ $i -lt 10 ]; do echo '" + Line + "'; i=$((i+1)); done; sleep 0.1; done";

    public static async Task<int> RunAsync(string database, BenchOptions options)
    {
        var runs = options.Runs ?? 300;
        await using var server = await BenchServer.StartAsync(database, Limit);
        var (rates, floors, ratios, ended) = (new List<double>(), new List<double>(), new List<double>(), new EndedRuns(server.Ledger));
        var (cpu, databaseCpu, delays) = (0.0, 0.0, Array.Empty<double>());
        for (var trial = -1; trial < options.Trials; trial++)
        {
            var (own, postgres, watch) = (Costs.Own, Costs.Postgres, Stopwatch.StartNew());
            await Task.WhenAll(Enumerable.Range(0, runs).Select(_ => server.StartRunAsync(new() { Agent = "command", Command = ["/bin/sh", "-c", Child] })));
            await ended.NextAsync(runs);
            var rate = runs / watch.Elapsed.TotalSeconds;
            (cpu, databaseCpu) = (Costs.Own - own, Costs.Postgres - postgres);
            delays = await server.StartDelaysAsync(runs);
            watch.Restart();
            await FloorAsync(runs);
            var floor = runs / watch.Elapsed.TotalSeconds;

            // The first trial warms up.
            if (trial >= 0)
            {
                rates.Add(rate);
                floors.Add(floor);
                ratios.Add(rate / floor);
            }
        }

        new Measurement
        {
            Bench = "agent",
            Database = database,
            Runs = runs,
            Trials = options.Trials,
            PerSecond = Statistics.Median(rates),
            FloorPerSecond = Statistics.Median(floors),
            RatioToFloor = Statistics.Median(ratios),
            P50StartMs = Statistics.Percentile(delays, 0.5),
            P99StartMs = Statistics.Percentile(delays, 0.99),
            CpuSeconds = cpu,
            DatabaseCpuSeconds = databaseCpu,
            PeakRssMb = Costs.PeakRssMb,
        }.Print();
        return 0;
    }

    private static async Task FloorAsync(int runs)
    {
        using var slots = new SemaphoreSlim(Limit);
        await Task.WhenAll(Enumerable.Range(0, runs).Select(async _ =>
        {
            await slots.WaitAsync();
            using var child = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Child]) { RedirectStandardOutput = true })!;
            await child.StandardOutput.ReadToEndAsync();
            await child.WaitForExitAsync();
            slots.Release();
        }));
    }
}
