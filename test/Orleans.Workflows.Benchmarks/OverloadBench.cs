using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Benchmarks;

/// <summary>
/// Twice as many starts as the service lets run, for minutes, whoever waits for an answer: what is refused, with what
/// <c>Retry-After</c>, how long the drain really takes, how status calls fare meanwhile, and what it costs in memory.
/// </summary>
internal static class OverloadBench
{
    private const int Capacity = 100;
    private const int Backlog = 1_000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes($$"""{"agent":"{{NoopAgent.Name}}","message":"nothing"}""");

    public static async Task<int> RunAsync(string database, BenchOptions options)
    {
        await using var server = await BenchServer.StartOnAsync(await BenchServer.CreateDatabaseAsync(database), null, 50, options);
        var limits = (LimitStore)server.Services.GetService(typeof(LimitStore))!;
        await limits.PutAsync("rate", new() { Dimension = LimitDimension.Service, Measure = LimitMeasure.Starts, Value = Capacity, PeriodSeconds = 1 }, new("bench", "bench"));
        await limits.PutAsync("backlog", new() { Dimension = LimitDimension.Service, Measure = LimitMeasure.Waiting, Value = Backlog }, new("bench", "bench"));
        var answers = new Answers();
        var (started, memory) = (Stopwatch.StartNew(), new List<double>());
        long sent = 0;
        while (started.Elapsed < TimeSpan.FromSeconds(options.Seconds))
        {
            await Task.Delay(Tick, TimeProvider.System);
            for (var due = (long)(started.Elapsed.TotalSeconds * 2 * Capacity); sent < due; sent++)
            {
                _ = answers.StartAsync(server, sent % 20 == 0);
            }

            if (memory.Count < (int)(started.Elapsed.TotalSeconds / 30))
            {
                memory.Add(GC.GetTotalMemory(forceFullCollection: true) / 1e6);
            }
        }

        await answers.AllAsync();
        Console.Error.WriteLine($"managed memory each 30 s (MB): {string.Join(" ", memory.Select(mb => mb.ToString("0")))}");
        new Measurement
        {
            Bench = "overload",
            Database = database,
            Runs = (int)sent,
            Trials = 1,
            PerSecond = Math.Round(answers.Accepted / started.Elapsed.TotalSeconds, 1),
            FloorPerSecond = Capacity,
            Refused = answers.Refused,
            Failed = answers.Failed,
            P50RetryAfter = Statistics.Percentile(answers.RetryAfter, 0.5),
            P99RetryAfter = Statistics.Percentile(answers.RetryAfter, 0.99),
            P99AcceptedLater = Statistics.Percentile(answers.AcceptedLater, 0.99),
            P99StatusMs = Statistics.Percentile(answers.StatusMs, 0.99),
            P99AnswerMs = Statistics.Percentile(answers.AnswerMs, 0.99),
            MemoryMb = memory,
            PeakRssMb = Costs.PeakRssMb,
        }.Print();
        return answers.Failed == 0 ? 0 : 1;
    }

    private sealed class Answers
    {
        private readonly ConcurrentDictionary<Task, bool> _open = [];
        private long _accepted, _refused, _failed;
        private string? _run;

        public long Accepted => _accepted;

        public long Refused => _refused;

        /// <summary>Neither accepted nor refused: an error, or no answer in 10 seconds.</summary>
        public long Failed => _failed;

        public ConcurrentBag<double> RetryAfter { get; } = [];

        /// <summary>Tries that it took who came again after the time that they were told, as often as they were told one.</summary>
        public ConcurrentBag<double> AcceptedLater { get; } = [];

        public ConcurrentBag<double> StatusMs { get; } = [];

        public ConcurrentBag<double> AnswerMs { get; } = [];

        public async Task AllAsync() => await Task.WhenAll(_open.Keys);

        public Task StartAsync(WorkflowsServer server, bool comesAgain)
        {
            var task = TryAsync(server, comesAgain);
            _open[task] = true;
            _ = task.ContinueWith(done => _open.TryRemove(done, out _), TaskScheduler.Default);
            return task;
        }

        private async Task TryAsync(WorkflowsServer server, bool comesAgain)
        {
            try
            {
                for (var tries = 1; ; tries++)
                {
                    if (await OnceAsync(server) is not { } wait)
                    {
                        AcceptedLater.Add(tries);
                        break;
                    }

                    if (!comesAgain)
                    {
                        break;
                    }

                    await Task.Delay(wait, TimeProvider.System);
                }

                if (_run is { } run)
                {
                    var asked = Stopwatch.GetTimestamp();
                    using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
                    using var status = await server.Http.GetAsync($"/api/v1/runs/{run}", limit.Token);
                    StatusMs.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                    status.EnsureSuccessStatusCode();
                }
            }
            catch (Exception exception)
            {
                Interlocked.Increment(ref _failed);
                Console.Error.WriteLine(exception.Message);
            }
        }

        /// <summary>Null: accepted.</summary>
        private async Task<TimeSpan?> OnceAsync(WorkflowsServer server)
        {
            using var content = new ByteArrayContent(Body);
            content.Headers.ContentType = new("application/json");
            var asked = Stopwatch.GetTimestamp();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            using var response = await server.Http.PostAsync("/api/v1/runs", content, limit.Token);
            AnswerMs.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Interlocked.Increment(ref _refused);
                var wait = response.Headers.RetryAfter!.Delta!.Value;
                RetryAfter.Add(wait.TotalSeconds);
                return wait;
            }

            response.EnsureSuccessStatusCode();
            if (Interlocked.Increment(ref _accepted) % 100 == 1)
            {
                _run = response.Headers.Location!.ToString().Split('/')[^1];
            }

            return null;
        }
    }
}
