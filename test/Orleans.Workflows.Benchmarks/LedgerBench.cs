using System.Diagnostics;

namespace Orleans.Workflows.Benchmarks;

/// <summary>The floor of <c>noop</c> alone, for whoever works on the ledger: <c>infra/bench.sh ledger postgresql --writers 64</c>.</summary>
internal static class LedgerBench
{
    public static async Task<int> RunAsync(string database, BenchOptions options)
    {
        var runs = options.Runs ?? 4_000;
        var directory = Directory.CreateTempSubdirectory("ow-bench-").FullName;
        try
        {
            await using var ledger = await BenchServer.OpenLedgerAsync(database, directory);
            await LedgerFloor.RunAsync(ledger, runs, options.Writers);
            var (rates, cpu, databaseCpu) = (new List<double>(), 0.0, 0.0);
            for (var n = 0; n < options.Trials; n++)
            {
                var (own, postgres, watch) = (Costs.Own, Costs.Postgres, Stopwatch.StartNew());
                await LedgerFloor.RunAsync(ledger, runs, options.Writers);
                rates.Add(runs / watch.Elapsed.TotalSeconds);
                (cpu, databaseCpu) = (Costs.Own - own, Costs.Postgres - postgres);
            }

            new Measurement
            {
                Bench = "ledger",
                Database = database,
                Runs = runs,
                Trials = options.Trials,
                PerSecond = Statistics.Median(rates),
                CpuSeconds = cpu,
                DatabaseCpuSeconds = databaseCpu,
                PeakRssMb = Costs.PeakRssMb,
            }.Print();
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
