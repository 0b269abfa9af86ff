using System.Diagnostics;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Benchmarks;

/// <summary>Runs through the service and its floor, turn by turn, so that both meet the same minutes of a shared machine.</summary>
internal sealed record PairedTrials(string Bench, string Database, int Runs, BenchOptions Options)
{
    public async Task<Measurement> MeasureAsync(WorkflowsServer server, Func<Task> trial, Func<Task> floor)
    {
        var (rates, floors, ratios) = (new List<double>(), new List<double>(), new List<double>());
        var (cpu, databaseCpu, delays) = (0.0, 0.0, Array.Empty<double>());
        for (var n = -Options.WarmUps; n < Options.Trials; n++)
        {
            var (own, postgres, watch) = (Costs.Own, Costs.Postgres, Stopwatch.StartNew());
            await trial();
            var rate = Runs / watch.Elapsed.TotalSeconds;
            (cpu, databaseCpu) = (Costs.Own - own, Costs.Postgres - postgres);
            delays = await server.StartDelaysAsync(Runs);
            watch.Restart();
            await floor();
            if (n >= 0)
            {
                rates.Add(rate);
                floors.Add(Runs / watch.Elapsed.TotalSeconds);
                ratios.Add(rate / floors[^1]);
            }
        }

        return new Measurement
        {
            Bench = Bench,
            Database = Database,
            Runs = Runs,
            Trials = Options.Trials,
            PerSecond = Statistics.Median(rates),
            FloorPerSecond = Statistics.Median(floors),
            RatioToFloor = Statistics.Median(ratios),
            P50StartMs = Statistics.Percentile(delays, 0.5),
            P99StartMs = Statistics.Percentile(delays, 0.99),
            CpuSeconds = Math.Round(cpu, 3),
            DatabaseCpuSeconds = Math.Round(databaseCpu, 3),
            PeakRssMb = Math.Round(Costs.PeakRssMb, 1),
        };
    }
}
