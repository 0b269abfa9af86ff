using System.Diagnostics;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Benchmarks;

/// <summary>2,000 runs of nothing, limit 50: over REST from another process with 16 in flight, and inside with 64. Floor: the same three appends a run, bare.</summary>
internal static class NoopBench
{
    private const int Limit = 50;

    public static async Task<int> RunAsync(string database, BenchOptions options)
    {
        var runs = options.Runs ?? 2_000;
        await using var server = await BenchServer.StartAsync(database, Limit, options);
        await using var floor = await BenchServer.OpenLedgerAsync(database, server.Directory);
        var ended = new EndedRuns(server.Ledger);
        using var submitter = StartSubmitter(server);
        foreach (var (bench, trial) in new (string, Func<Task>)[] { ("noop-inside", () => InsideAsync(server, ended, runs)), ("noop-rest", () => OverRestAsync(submitter, ended, runs)) })
        {
            var measured = await new PairedTrials(bench, database, runs, options).MeasureAsync(server, trial, () => LedgerFloor.RunAsync(floor, runs, Limit));
            measured.Print();
        }

        submitter.StandardInput.Close();
        await submitter.WaitForExitAsync();
        return 0;
    }

    private static async Task InsideAsync(WorkflowsServer server, EndedRuns ended, int runs)
    {
        await InFlight.EachAsync(runs, 64, async _ =>
        {
            var result = await server.Starter.StartAsync(new() { Agent = NoopAgent.Name, Message = "nothing" }, new("bench", "bench", null, Guid.NewGuid().ToString()));
            if (result.Run is null)
            {
                throw new InvalidOperationException(result.Failure?.Message);
            }
        });
        await ended.NextAsync(runs);
    }

    private static async Task OverRestAsync(Process submitter, EndedRuns ended, int runs)
    {
        await submitter.StandardInput.WriteLineAsync($"{runs}");
        await ended.NextAsync(runs);
    }

    private static Process StartSubmitter(WorkflowsServer server) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["submit", server.Http.BaseAddress!.ToString(), "16"]) { RedirectStandardInput = true })!;
}
