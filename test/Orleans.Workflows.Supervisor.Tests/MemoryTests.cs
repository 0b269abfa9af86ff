using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

/// <summary>What an agent's processes use together, by real processes that hold real memory.</summary>
public sealed class MemoryTests
{
    private const long Megabyte = 1 << 20;

    // Fills a buffer of so many megabytes and keeps it while nobody reads what it says.
    private static string Hold(int megabytes) => $"dd if=/dev/zero bs={megabytes}M count=1 2>/dev/null | sleep 600";

    [Theory, BothRuntimes]
    public async Task Processes_that_are_within_the_limit_alone_and_not_together_are_all_ended(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var script = $"sh -c '{Hold(80)}' & echo child=$!; setsid sh -c 'echo own=$$; {Hold(80)}' & wait";
        var attempt = await node.StartAsync(node.Shell(script) with { MemoryLimit = 120 * Megabyte });
        ProcessRecord[] left = [await attempt.ProcessAsync("child"), await attempt.ProcessAsync("own")];
        var end = await attempt.EndAsync();
        Assert.Equal((ExitCause.Memory, 120 * Megabyte, EndStep.Term), (end.Cause, end.MemoryLimitBytes, end.EndedBy));
        Assert.InRange(end.PeakMemoryBytes!.Value, 120 * Megabyte, 250 * Megabyte);
        Assert.InRange(end.MaxRssKb, 80 * 1024, 119 * 1024);
        Assert.True(end.ProvenGone);
        Assert.All(left, process => Assert.False(ProcessIdentity.IsAlive(process)));
    }

    [Theory, BothRuntimes]
    public async Task Memory_that_processes_share_counts_once(SupervisorRuntime runtime)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is missing.");
        await using var node = new NodeFixture(runtime);
        const string script =
            """
            import mmap, os, sys
            shared = mmap.mmap(-1, 100 << 20)
            for page in range(0, len(shared), 4096):
                shared[page] = 1
            sys.stdin.readline()
            inlet, outlet = os.pipe()
            for child in range(5):
                if os.fork() == 0:
                    os.close(outlet)
                    sum(shared[page] for page in range(0, len(shared), 4096))
                    print('ready', flush=True)
                    os.read(inlet, 1)
                    os._exit(0)
            print('forked', flush=True)
            sys.stdin.readline()
            """;
        var attempt = await node.StartAsync(node.Shell("exec /usr/bin/python3 -c \"$SCRIPT\"") with
        {
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["SCRIPT"] = script },
            KeepStandardInputOpen = true,
            MemoryLimit = 250 * Megabyte,
        });
        await attempt.Connection.SendInputAsync("fork", "\n"u8.ToArray());
        while (attempt.StdoutText.Split("ready").Length < 6)
            await attempt.NextAsync<SupervisorSignal.Grew>(_ => attempt.StdoutText.Split("ready").Length >= 6);

        // All five are there, with more resident together than the limit: the next looks will read their shares.
        var looks = await LooksAsync(attempt.Connection.SupervisorPid!.Value);
        await attempt.Connection.SendInputAsync("go", "\n"u8.ToArray());
        var end = await attempt.EndAsync();
        Assert.Equal((ExitCause.Exited, 0), (end.Cause, end.ExitCode));
        Assert.InRange(end.PeakMemoryBytes!.Value, 100 * Megabyte, 200 * Megabyte);
        Assert.True(looks > 0);
    }

    [Theory, BothRuntimes]
    public async Task What_goes_on_growing_is_killed_before_the_graces_are_over(SupervisorRuntime runtime)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is missing.");
        await using var node = new NodeFixture(runtime);

        // Bounded, so that a supervisor that fails at this takes no machine down.
        const string script =
            """
            import signal, time
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            kept = []
            for chunk in range(200):
                kept.append(bytearray(b'x') * (4 << 20))
                time.sleep(0.02)
            signal.pause()
            """;
        var attempt = await node.StartAsync(node.Shell("exec /usr/bin/python3 -c \"$SCRIPT\"") with
        {
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["SCRIPT"] = script },
            MemoryLimit = 100 * Megabyte,
            TermGraceMs = 600_000,
        });
        var end = await attempt.EndAsync();
        Assert.Equal((ExitCause.Memory, Signals.Kill, EndStep.Kill), (end.Cause, end.Signal, end.EndedBy));
        Assert.InRange(end.PeakMemoryBytes!.Value, 125 * Megabyte, 800 * Megabyte);
    }

    [Theory, BothRuntimes]
    public async Task An_agent_below_its_limit_ends_by_itself_and_its_numbers_are_told(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(node.Shell("dd if=/dev/zero of=/dev/null bs=60M count=20 2>/dev/null") with { MemoryLimit = 200 * Megabyte });
        var end = await attempt.EndAsync();
        Assert.Equal((ExitCause.Exited, 0), (end.Cause, end.ExitCode));
        Assert.InRange(end.PeakMemoryBytes!.Value, 60 * Megabyte, 120 * Megabyte);
        Assert.True(end.UserCpuMs + end.SystemCpuMs > 0);
    }

    [Theory, BothRuntimes]
    public async Task Nothing_is_known_of_what_was_never_executed(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(node.Shell("") with { Program = "/no/such/program" });
        Assert.Equal((ExitCause.LaunchFailed, null), (await attempt.EndAsync() is var end ? end.Cause : default, end.PeakMemoryBytes));
    }

    // Each look at the memory is a turn of the supervisor's loop, and nothing else has it make one now.
    private static async Task<long> LooksAsync(int supervisor)
    {
        var (first, patience) = (Turns(supervisor), new CancellationTokenSource(TimeSpan.FromSeconds(20)));
        using (patience)
        {
            long turns;
            while ((turns = Turns(supervisor) - first) < 3)
            {
                patience.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }

            return turns;
        }
    }

    private static long Turns(int process) => File.ReadAllLines($"/proc/{process}/status")
        .Where(line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split('\t')[1]))
        .Single();
}
