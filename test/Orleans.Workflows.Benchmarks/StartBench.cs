using System.Diagnostics;
using System.Globalization;

namespace Orleans.Workflows.Benchmarks;

/// <summary>
/// 1,000 queued runs of <c>/bin/sh</c>, limit 10: from the moment an agent ends to the moment the next one runs, by the
/// agents' own clocks. What lies between is the proof of the end, three commits, the grant and the launch.
/// Floor: a bare loop that starts the same child when the one before has ended.
/// </summary>
internal static class StartBench
{
    private const int Limit = 10;

    public static async Task<int> RunAsync(string database, BenchOptions options)
    {
        var runs = options.Runs ?? 1_000;
        var directory = Directory.CreateTempSubdirectory("ow-bench-");
        try
        {
            await using var server = await BenchServer.StartAsync(database, Limit, options);
            var ended = new EndedRuns(server.Ledger);
            for (var n = 0; n < options.WarmUps; n++)
            {
                await WorkAsync("warm", 100);
            }

            var (gaps, share) = await WorkAsync("journal", runs);
            var floor = await FloorAsync(Path.Combine(directory.FullName, "bare"), runs / 2);
            new Measurement
            {
                Bench = "start",
                Database = database,
                Runs = runs,
                Trials = 1,
                P50StartMs = Statistics.Percentile(gaps, 0.5),
                P99StartMs = Statistics.Percentile(gaps, 0.99),
                FloorP50StartMs = Statistics.Percentile(floor, 0.5),
                FloorP99StartMs = Statistics.Percentile(floor, 0.99),
                MachineBusy = share.Busy,
                MachineStolen = share.Stolen,
            }.Print();
            return 0;

            async Task<(double[] Gaps, (double Busy, double Stolen) Share)> WorkAsync(string name, int count)
            {
                var journal = Path.Combine(directory.FullName, name);
                await Task.WhenAll(Enumerable.Range(0, count).Select(_ => server.StartRunAsync(new() { Agent = "command", Command = ["/bin/sh", "-c", Child(journal)] })));

                // A thousand handed in at once keep both cores busy for a second, and this measures a machine half idle: slots freed before are left out.
                var (handedIn, busy) = (TimeProvider.System.GetUtcNow(), CpuShare.Begin());
                await ended.NextAsync(count);
                return (Gaps(journal, handedIn), busy.SinceThen());
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<double[]> FloorAsync(string journal, int runs)
    {
        await InFlight.EachAsync(runs, Limit, async _ =>
        {
            using var child = Process.Start("/bin/sh", ["-c", Child(journal)]);
            await child.WaitForExitAsync();
        });
        return Gaps(journal, DateTimeOffset.UnixEpoch);
    }

    private static string Child(string journal) => $"date +s%s%N >> {journal}; sleep 0.6; date +e%s%N >> {journal}";

    /// <summary>Milliseconds between the end that freed a slot and the start that took it: slots are equal, so the nth end belongs to the start that is <see cref="Limit"/> further.</summary>
    private static double[] Gaps(string journal, DateTimeOffset from)
    {
        var lines = File.ReadAllLines(journal);
        return [.. Times('s').Skip(Limit).Zip(Times('e')).Where(pair => pair.Second >= (from - DateTimeOffset.UnixEpoch).TotalMilliseconds).Select(pair => pair.First - pair.Second)];

        double[] Times(char kind) => [.. lines.Where(line => line[0] == kind).Select(line => long.Parse(line[1..], CultureInfo.InvariantCulture) / 1e6).Order()];
    }
}
