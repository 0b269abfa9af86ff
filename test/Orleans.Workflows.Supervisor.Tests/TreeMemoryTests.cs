using System.Diagnostics;
using Orleans.Workflows.Supervisor.Supervision;

namespace Orleans.Workflows.Supervisor.Tests;

/// <summary>The looks themselves, at real processes below this one.</summary>
public sealed class TreeMemoryTests
{
    private const long Megabyte = 1 << 20;

    // Fills a buffer of 50 MB and keeps it, for nobody reads what it says, until this process closes the input.
    private const string Hold = "exec 3<&0; dd if=/dev/zero bs=50M count=1 2>/dev/null | read x <&3";

    [Fact]
    public async Task The_time_between_looks_grows_and_is_short_again_at_the_limit()
    {
        using var process = Start(Hold);
        var free = new TreeMemory(process.Id, null);
        Assert.Equal(long.MaxValue, free.DueAt);
        free.Start(1_000);
        Assert.Equal(1_250, free.DueAt);
        Assert.Equal([500, 1_000, 2_000, 2_000], Periods(free, 4));

        await UntilAsync(process, 50 * Megabyte);
        Assert.Equal([500, 500], Periods(new TreeMemory(process.Id, 500 * Megabyte), 2));

        var full = new TreeMemory(process.Id, 40 * Megabyte);
        Assert.Equal([100, 100, 100], Periods(full, 3));
        await EndAsync(process);
    }

    [Fact]
    public async Task One_look_above_the_limit_is_not_enough_and_what_stays_there_is_not_growing()
    {
        using var process = Start(Hold);
        await UntilAsync(process, 50 * Megabyte);
        var memory = new TreeMemory(process.Id, 40 * Megabyte);
        memory.Look(Now);
        Assert.False(memory.IsOver);
        memory.Look(Now);
        Assert.True(memory.IsOver);
        memory.Look(Now);
        Assert.False(memory.IsGrowing);
        Assert.InRange(memory.PeakBytes!.Value, 50 * Megabyte, 60 * Megabyte);
        await EndAsync(process);
    }

    [Fact]
    public void Of_what_is_not_there_nothing_is_known()
    {
        var memory = new TreeMemory(int.MaxValue, 1);
        memory.Look(Now);
        memory.Look(Now);
        Assert.Equal((null, false), (memory.PeakBytes, memory.IsOver));
    }

    private static long Now => Posix.BootClock.Milliseconds;

    private static int[] Periods(TreeMemory memory, int looks) => [.. Enumerable.Range(0, looks).Select(_ =>
    {
        var start = Now;
        memory.Look(start);
        Assert.True(memory.DueAt >= start + memory.PeriodMs);
        return memory.PeriodMs;
    })];

    private static Process Start(string script) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script + "; exit"]) { RedirectStandardInput = true })!;

    private static async Task UntilAsync(Process process, long bytes)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        for (var memory = new TreeMemory(process.Id, null); !(memory.PeakBytes >= bytes); memory = new TreeMemory(process.Id, null))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
            memory.Look(Now);
            if (memory.PeakBytes >= bytes)
                return;
        }
    }

    private static async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
