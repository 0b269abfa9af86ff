using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Server.Tests.Execution;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Nodes;

/// <summary>A real machine that is short of memory, and a node that starts slowly.</summary>
[Collection(Alone.Name)]
public sealed class StartRoomTests
{
    private const long Gigabyte = 1L << 30;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_machine_is_short_of_memory_nobody_starts_and_as_soon_as_it_is_not_all_do()
    {
        var free = Available();
        Assert.SkipUnless(free > 4 * Gigabyte, "Needs 4 GB of free memory.");
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string>
        {
            ["Execution:FreeMemory"] = string.Create(CultureInfo.InvariantCulture, $"{free - (2 * Gigabyte)}"),
        });
        RunInfo run;
        using (Occupy(3 * Gigabyte))
        {
            run = await server.StartRunAsync(new() { Agent = "command", Command = ["/bin/true"] });
            var text = "";
            await WaitFor.Value<object>(
                async token =>
                {
                    text = await server.Http.GetStringAsync(new Uri($"/api/v1/runs/{run.Id}/explain", UriKind.Relative), token);
                    return text.Contains("of memory left", StringComparison.Ordinal) ? "" : null;
                },
                () => text,
                cancellationToken: Token);
            Assert.StartsWith("slots are free, but node ", Assert.Single(JsonElement.Parse(text).GetProperty("wait").GetProperty("causes").EnumerateArray()).GetProperty("text").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(RunStatus.Completed, (await server.EndOfAsync(run.Id)).Status);
    }

    [Fact]
    public async Task A_node_starts_no_more_a_second_than_it_is_told()
    {
        const int Rate = 4;
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Execution:StartsPerSecond"] = $"{Rate}" });
        var runs = await Task.WhenAll(Enumerable.Range(0, 14).Select(_ => server.StartRunAsync(new() { Agent = "command", Command = ["/bin/true"] })));
        var ends = await Task.WhenAll(runs.Select(run => server.EndOfAsync(run.Id)));
        Assert.All(ends, end => Assert.Equal(RunStatus.Completed, end.Status));
        var claims = new List<DateTimeOffset>();
        foreach (var run in runs)
        {
            claims.Add(Assert.Single(await server.Ledger.ReadAttemptsAsync(run.Id, Token)).ClaimedAt);
        }

        // 4 at once, then 10 at 4 a second: some may have been granted before their node's last word was heard.
        var took = claims.Max() - claims.Min();
        Assert.True(took >= TimeSpan.FromSeconds(1.5), $"{took}");
    }

    private static long Available()
    {
        var line = File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1_024;
    }

    /// <summary>Touches every page, for memory that nobody wrote to is nobody's.</summary>
    private static Held Occupy(long bytes)
    {
        var held = new Held(Marshal.AllocHGlobal((nint)bytes));
        for (var offset = 0L; offset < bytes; offset += 4_096)
        {
            Marshal.WriteByte(held.Pointer + (nint)offset, 1);
        }

        return held;
    }

    private sealed class Held(nint pointer) : IDisposable
    {
        public nint Pointer => pointer;

        public void Dispose() => Marshal.FreeHGlobal(pointer);
    }
}
