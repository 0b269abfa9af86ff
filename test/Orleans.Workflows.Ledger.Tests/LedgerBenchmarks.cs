using System.Diagnostics;
using System.Globalization;
using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>Figures, on request only (<c>--explicit only</c>, Release): appends and whole runs a second, processor time an append.</summary>
public sealed class LedgerBenchmarks(ITestOutputHelper output)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(5);

    private long _appends;
    private long _runs;
    private volatile bool _stop;

    [Fact(Explicit = true)]
    public async Task Appends_and_whole_runs_a_second()
    {
        foreach (var provider in new[] { LedgerProviders.PostgreSql, LedgerProviders.Sqlite })
        {
            foreach (var callers in new[] { 1, 16, 64, 256 })
            {
                await MeasureAsync(provider, callers, wholeRuns: true);
            }

            await MeasureAsync(provider, 64, wholeRuns: false);
        }
    }

    private async Task MeasureAsync(string provider, int callers, bool wholeRuns)
    {
        _stop = false;
        await using LedgerFixture fixture = provider == LedgerProviders.Sqlite ? new SqliteLedgerFixture() : new PostgresLedgerFixture();
        await fixture.InitializeAsync();
        var working = Enumerable.Range(0, callers).Select(_ => Task.Run(() => wholeRuns ? WholeRunsAsync(fixture.Ledger) : PumpAsync(fixture.Ledger))).ToList();
        await Task.Delay(WarmUp, TimeProvider.System, TestContext.Current.CancellationToken);
        var (appends, runs, client, server) = (Volatile.Read(ref _appends), Volatile.Read(ref _runs), Client(), Server());
        var watch = Stopwatch.StartNew();
        await Task.Delay(Measured, TimeProvider.System, TestContext.Current.CancellationToken);
        appends = Volatile.Read(ref _appends) - appends;
        runs = Volatile.Read(ref _runs) - runs;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{provider,-10} {(wholeRuns ? "whole runs" : "pump"),-10} callers {callers,3}: {appends / watch.Elapsed.TotalSeconds,6:F0} appends/s {runs / watch.Elapsed.TotalSeconds,5:F0} runs/s, client {(Client() - client) * 1e6 / appends,4:F0} us, server {(Server() - server) * 1e6 / appends,4:F0} us an append, load {File.ReadAllText("/proc/loadavg")[..4]}");
        output.WriteLine(line);
        await File.AppendAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "ledger-benchmarks.txt"), [line], TestContext.Current.CancellationToken);
        _stop = true;
        await Task.WhenAll(working);
    }

    /// <summary>Three appends a run: accepted with key and audit, claimed with an attempt, ended with it.</summary>
    private async Task WholeRunsAsync(ILedger ledger)
    {
        while (!_stop)
        {
            var queued = Accepted();
            await AppendAsync(ledger, new LedgerAppend { Run = queued, Idempotency = Key(queued.Id, queued.Id.ToString()), Audit = [Audit(queued.Id)] });
            var starting = queued.To(RunStatus.Starting);
            await AppendAsync(ledger, Step(queued, starting) with { AdmissionEpoch = 0 });
            await AppendAsync(ledger, Step(starting, starting.To(RunStatus.Completed)));
            Interlocked.Increment(ref _runs);
        }
    }

    /// <summary>What a running attempt's output costs: state, attempt, events, usage and raw output with each append.</summary>
    private async Task PumpAsync(ILedger ledger)
    {
        var run = Accepted();
        await AppendAsync(ledger, new LedgerAppend { Run = run });
        var starting = run.To(RunStatus.Starting);
        await AppendAsync(ledger, Step(run, starting));
        run = starting;
        for (var i = 1; !_stop; i++)
        {
            run = run with { Version = run.Version + 1, LastEventSeq = run.LastEventSeq + 2 };
            await AppendAsync(ledger, new LedgerAppend
            {
                Run = run, Attempt = Attempt(run.Id) with { StdoutOffset = i * 10 }, Events = Events(run.Id, run.LastEventSeq - 1, 2),
                Usage = [Spent(run.Id, $"m{i}", i)], Transcript = [Chunk(run.Id, i * 10, "0123456789")],
            });
        }
    }

    private async Task AppendAsync(ILedger ledger, LedgerAppend append)
    {
        Assert.Equal(AppendResult.Committed, await ledger.AppendAsync(append, CancellationToken.None));
        Interlocked.Increment(ref _appends);
    }

    private static double Client() => Seconds(File.ReadAllText("/proc/self/stat"));

    private static double Server() => Directory.GetDirectories("/proc").Where(directory => char.IsDigit(directory[^1])).Sum(directory =>
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(directory, "stat"));
            return stat.Contains("(postgres)", StringComparison.Ordinal) ? Seconds(stat) : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    });

    // Fields 14 and 15 of proc(5) stat, in ticks of 10 ms; the command before them may hold spaces.
    private static double Seconds(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / 100;
    }
}
