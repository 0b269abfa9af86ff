using System.Globalization;

namespace Orleans.Workflows.Benchmarks;

/// <summary>
/// 1,000 queued runs of <c>/bin/sh</c>, limit 10: from the moment an agent ends to the moment the next one runs, by the
/// agents' own clocks. What lies between is the proof of the end, three commits, the grant and the launch.
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
                await WorkAsync(Path.Combine(directory.FullName, "warm"), 100);
            }

            var journal = Path.Combine(directory.FullName, "journal");
            var busy = CpuShare.Begin();
            await WorkAsync(journal, runs);
            var share = busy.SinceThen();
            var gaps = Gaps(journal);
            new Measurement
            {
                Bench = "start",
                Database = database,
                Runs = runs,
                Trials = 1,
                P50StartMs = Statistics.Percentile(gaps, 0.5),
                P99StartMs = Statistics.Percentile(gaps, 0.99),
                MachineBusy = Math.Round(share, 2),
            }.Print();
            return 0;

            async Task WorkAsync(string file, int count)
            {
                List<string> command = ["/bin/sh", "-c", $"date +s%s%N >> {file}; sleep 0.6; date +e%s%N >> {file}"];
                await Task.WhenAll(Enumerable.Range(0, count).Select(_ => server.StartRunAsync(new() { Agent = "command", Command = command })));
                await ended.NextAsync(count);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Milliseconds between the end that freed a slot and the start that took it: slots are equal, so the nth end belongs to the start that is <see cref="Limit"/> further.</summary>
    private static double[] Gaps(string journal)
    {
        var lines = File.ReadAllLines(journal);
        var starts = Times('s');
        var ends = Times('e');
        return [.. starts.Skip(Limit).Zip(ends, (start, end) => (start - end) / 1e6)];

        long[] Times(char kind) => [.. lines.Where(line => line[0] == kind).Select(line => long.Parse(line[1..], CultureInfo.InvariantCulture)).Order()];
    }
}
