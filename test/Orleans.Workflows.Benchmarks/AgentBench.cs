using System.Diagnostics;
using Orleans.Workflows.TestKit.Servers;

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
        await using var server = await BenchServer.StartAsync(database, Limit, options);
        var ended = new EndedRuns(server.Ledger);
        var measured = await new PairedTrials("agent", database, runs, options).MeasureAsync(server, () => SubmitAsync(server, ended, runs), () => FloorAsync(runs));
        measured.Print();
        return 0;
    }

    private static async Task SubmitAsync(WorkflowsServer server, EndedRuns ended, int runs)
    {
        await Task.WhenAll(Enumerable.Range(0, runs).Select(_ => server.StartRunAsync(new() { Agent = "command", Command = ["/bin/sh", "-c", Child] })));
        await ended.NextAsync(runs);
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
