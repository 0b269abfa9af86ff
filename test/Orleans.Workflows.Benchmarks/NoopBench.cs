using System.Diagnostics;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Benchmarks;

/// <summary>2,000 runs of nothing, limit 50: over REST from another process with 16 in flight, and inside with 64. Floor: the same three appends a run, bare.</summary>
internal static class NoopBench
{
    private const int Limit = 50;

    public static async Task<int> RunAsync(string database, BenchOptions options)
    {
        var runs = options.Runs ?? 2_000;
        await using var server = await BenchServer.StartAsync(database, Limit);
        await using var floor = await BenchServer.OpenLedgerAsync(database, server.Directory);
        var done = 0L;
        done = await InsideAsync(server, runs, done);
        await FloorAsync(floor, runs);
        foreach (var (bench, trial) in new (string, Func<long, Task<long>>)[] { ("noop-inside", from => InsideAsync(server, runs, from)), ("noop-rest", from => OverRestAsync(server, runs, from)) })
        {
            var (rates, floors, ratios) = (new List<double>(), new List<double>(), new List<double>());
            var (cpu, databaseCpu, delays) = (0.0, 0.0, Array.Empty<double>());
            for (var n = 0; n < options.Trials; n++)
            {
                var (own, postgres, watch) = (Costs.Own, Costs.Postgres, Stopwatch.StartNew());
                done = await trial(done);
                rates.Add(runs / watch.Elapsed.TotalSeconds);
                (cpu, databaseCpu) = (Costs.Own - own, Costs.Postgres - postgres);
                delays = await server.StartDelaysAsync(runs);
                watch.Restart();
                await FloorAsync(floor, runs);
                floors.Add(runs / watch.Elapsed.TotalSeconds);
                ratios.Add(rates[^1] / floors[^1]);
            }

            new Measurement
            {
                Bench = bench,
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
        }

        return 0;
    }

    private static async Task<long> InsideAsync(WorkflowsServer server, int runs, long done)
    {
        await EachAsync(runs, 64, async _ =>
        {
            var result = await server.Starter.StartAsync(new() { Agent = NoopAgent.Name, Message = "nothing" }, new("bench", "bench", null, Guid.NewGuid().ToString()));
            if (result.Run is null)
            {
                throw new InvalidOperationException(result.Failure?.Message);
            }
        });
        await server.CompletedAsync(done + runs);
        return done + runs;
    }

    private static async Task<long> OverRestAsync(WorkflowsServer server, int runs, long done)
    {
        using var submitter = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["submit", server.Http.BaseAddress!.ToString(), $"{runs}", "16"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await submitter.StandardOutput.ReadLineAsync();
        await submitter.StandardInput.WriteLineAsync("go");
        await server.CompletedAsync(done + runs);
        await submitter.WaitForExitAsync();
        return done + runs;
    }

    /// <summary>The same rows and transitions through the ledger alone, by as many writers as there are slots.</summary>
    private static Task FloorAsync(ILedger ledger, int runs) => EachAsync(runs, Limit, async _ =>
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = RunId.New(TimeProvider.System);
        var row = new RunRow
        {
            Id = id,
            Version = 1,
            DefinitionHash = "floor",
            Agent = "floor",
            Queue = "floor",
            Caller = "bench",
            CorrelationId = "bench",
            Spec = "{}",
            SessionId = Guid.NewGuid(),
            CreatedAt = now,
            Status = RunStatus.Queued,
            WaitsFor = "a slot",
            QueuedAt = now,
            LastEventSeq = 1,
        };
        await AppendAsync(new()
        {
            Run = row,
            Events = Event(row),
            Idempotency = new("bench", Guid.NewGuid().ToString(), [1], id, now.AddDays(1)),
            Audit = [new(id, now, "bench", "start", null, "bench")],
        });
        var attempt = new AttemptRow { Run = id, Number = 1, Node = "floor", Queue = "floor", ClaimedAt = now };
        row = row with { Version = 2, Status = RunStatus.Starting, WaitsFor = null, NextDeadline = now.AddMinutes(1), Epoch = 1, OpenAttempt = 1, LastEventSeq = 2 };
        await AppendAsync(new() { Run = row, Attempt = attempt, NewAttempt = true, Events = Event(row) });
        var reason = new Reason(ReasonCodes.Canceled, "Floor.");
        row = row with { Version = 3, Status = RunStatus.Canceled, Reason = reason, NextDeadline = null, OpenAttempt = null, EndedAt = now, LastEventSeq = 3 };
        await AppendAsync(new() { Run = row, Attempt = attempt with { EndedAt = now, Reason = reason }, Events = Event(row) });

        async Task AppendAsync(LedgerAppend append)
        {
            var result = await ledger.AppendAsync(append);
            if (!result.IsCommitted)
            {
                throw new InvalidOperationException($"{result.Status} {result.Error}");
            }
        }
    });

    private static EventBatchRow Event(RunRow row) => new(row.Id, row.LastEventSeq, 1, row.CreatedAt, null, """[{"type":"floor"}]"""u8.ToArray());

    private static Task EachAsync(int count, int inFlight, Func<int, Task> act)
    {
        var next = 0;
        return Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            for (var n = Interlocked.Increment(ref next); n <= count; n = Interlocked.Increment(ref next))
            {
                await act(n);
            }
        })));
    }
}
