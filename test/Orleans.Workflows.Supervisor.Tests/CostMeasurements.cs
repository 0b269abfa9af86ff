using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

/// <summary>What supervision costs over a bare spawn. Explicit: figures for people, run with <c>--explicit only</c>.</summary>
public sealed class CostMeasurements(ITestOutputHelper output)
{
    private const int AtOnce = 20;

    [Fact(Explicit = true)]
    public Task Of_short_agents_native() => MeasureShortAgentsAsync(SupervisorRuntime.Native, 300, pairs: 5);

    [Fact(Explicit = true)]
    public Task Of_short_agents_on_the_shared_runtime() => MeasureShortAgentsAsync(SupervisorRuntime.Shared, 60, pairs: 2);

    private async Task MeasureShortAgentsAsync(SupervisorRuntime runtime, int runs, int pairs)
    {
        await using var node = new NodeFixture(runtime);
        await SuperviseAsync(node, 40, []);
        for (var pair = 0; pair < pairs; pair++)
        {
            var (floor, floorCpu) = await MeasureAsync(runs, count => BareAsync(node, count));
            var latencies = new ConcurrentBag<Latency>();
            var (rate, cpu) = await MeasureAsync(runs, count => SuperviseAsync(node, count, latencies));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{runtime}: floor {floor:F1}/s {floorCpu:F2} ms cpu, supervised {rate:F1}/s {cpu:F2} ms cpu, ratio {rate / floor:F3}; {Describe("spawned", latencies.Select(l => l.SpawnedMs))}; {Describe("exited after", latencies.Select(l => l.ExitedMs))}"));
        }
    }

    [Theory(Explicit = true), BothRuntimes]
    public async Task Of_one_agent_at_a_time(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var latencies = new List<Latency>();
        for (var run = 0; run < 60; run++)
            latencies.Add(await SuperviseOneAsync(node, "date +%s%N"));
        output.WriteLine($"{runtime}: {Describe("spawned", latencies.Skip(10).Select(l => l.SpawnedMs))}; {Describe("exited after", latencies.Skip(10).Select(l => l.ExitedMs))}");
    }

    private static string Describe(string name, IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{name} p50 {sorted[sorted.Length / 2]:F2} p99 {sorted[sorted.Length * 99 / 100]:F2} ms");
    }

    private static async Task<(double PerSecond, double CpuMsPerRun)> MeasureAsync(int runs, Func<int, Task> work)
    {
        var cpu = CpuMs();
        var start = Stopwatch.GetTimestamp();
        await work(runs);
        return (runs / Stopwatch.GetElapsedTime(start).TotalSeconds, (CpuMs() - cpu) / runs);
    }

    // Own and waited-for children's user and system time; a tick is 10 ms.
    private static double CpuMs()
    {
        var fields = File.ReadAllText("/proc/self/stat").Split(") ")[1].Split(' ');
        return fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) * 10.0;
    }

    private static Task BareAsync(NodeFixture node, int count) => Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, _) =>
        await Task.Factory.StartNew(() => SpawnAndWait(node), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));

    private static unsafe void SpawnAndWait(NodeFixture node)
    {
        using var spawn = new PosixSpawn();
        spawn.Open(0, "/dev/null", Flags.ReadOnly).Open(1, Path.Combine(node.Path, "bare"), Flags.WriteOnly | Flags.Create | Flags.Append);
        Assert.Equal(0, spawn.Start("/bin/sh", ["/bin/sh", "-c", "sleep 0.2; date +%s%N"], ["PATH=/usr/bin:/bin"], out var pid));
        int status;
        Assert.Equal(pid, Libc.Wait(pid, &status, 0, null));
    }

    private static Task SuperviseAsync(NodeFixture node, int count, ConcurrentBag<Latency> latencies) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, _) =>
            latencies.Add(await SuperviseOneAsync(node, "sleep 0.2; date +%s%N")));

    private static async Task<Latency> SuperviseOneAsync(NodeFixture node, string script)
    {
        var start = Stopwatch.GetTimestamp();
        await using var connection = await node.ConnectAsync(node.Shell(script));
        var spawned = 0.0;
        await foreach (var signal in connection.Signals.ReadAllAsync())
        {
            if (signal is SupervisorSignal.Spawned)
                spawned = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (signal is not SupervisorSignal.Exited exited)
                continue;
            var now = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
            Assert.Equal(ExitCause.Exited, exited.Record.Cause);
            var last = long.Parse(File.ReadAllText(connection.Directory.StdoutPath), CultureInfo.InvariantCulture) / 1e6;
            return new Latency(spawned, now - last);
        }

        throw new InvalidOperationException("The signals ended without an end.");
    }

    private sealed record Latency(double SpawnedMs, double ExitedMs);
}
