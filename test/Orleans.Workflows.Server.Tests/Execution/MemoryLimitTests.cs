using System.Net.Http.Json;
using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>Agents whose processes use more memory together than they may, and others.</summary>
public sealed class MemoryLimitTests
{
    private const long Megabyte = 1 << 20;

    // Each fills a buffer of 80 MB and keeps it while nobody reads what it says; its children's numbers stand in a file.
    private const string TwoOfEightyMegabytes =
        """
        for half in 1 2; do
            sh -c 'echo $$ >> "$0"; dd if=/dev/zero bs=80M count=1 2>/dev/null | sleep 600' "$PIDS" &
        done
        wait
        """;

    [Fact]
    public async Task An_agent_whose_processes_are_above_its_limit_only_together_is_ended_with_all_of_them()
    {
        await using var server = await WorkflowsServer.StartAsync();
        var pids = Path.Combine(server.Directory, "pids");
        var run = (await server.StartRunAsync(Shell(TwoOfEightyMegabytes) with { Environment = new() { ["PIDS"] = pids }, MemoryLimitBytes = 120 * Megabyte })).Id;
        var end = await server.EndOfAsync(run);
        Assert.Equal((RunStatus.Failed, ReasonCodes.Memory, 1), (end.Status, end.Reason!.Code, end.Attempts));
        Assert.Contains("passed memoryLimit, 120 MB; their peak was ", end.Reason.Text, StringComparison.Ordinal);

        var attempt = Assert.Single(await server.Ledger.ReadAttemptsAsync(run, TestContext.Current.CancellationToken));
        Assert.Equal(end.Reason, attempt.Reason);
        Assert.InRange(attempt.PeakMemoryBytes!.Value, 120 * Megabyte, 250 * Megabyte);
        Assert.False(attempt.Leaked);
        var children = (await File.ReadAllLinesAsync(pids, TestContext.Current.CancellationToken)).Select(line => int.Parse(line)).ToArray();
        Assert.Equal(2, children.Length);
        Assert.All(children, child => Assert.False(Directory.Exists($"/proc/{child}")));
    }

    [Fact]
    public async Task What_an_agent_below_its_limit_used_is_told()
    {
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Execution:MemoryLimit"] = $"{400 * Megabyte}" });
        var run = (await server.StartRunAsync(Shell("dd if=/dev/zero of=/dev/null bs=60M count=10 2>/dev/null"))).Id;
        Assert.Equal(RunStatus.Completed, (await server.EndOfAsync(run)).Status);
        var told = (await server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/runs/{run}/attempts", TestContext.Current.CancellationToken)).GetProperty("items")[0];
        Assert.InRange(told.GetProperty("peakMemoryBytes").GetInt64(), 60 * Megabyte, 150 * Megabyte);
        Assert.InRange(told.GetProperty("cpuMs").GetInt64(), 1, 60_000);
    }

    [Fact]
    public async Task The_node_s_own_limit_holds_for_runs_without_one_and_is_named()
    {
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Execution:MemoryLimit"] = $"{50 * Megabyte}" });
        var end = await server.EndOfAsync((await server.StartRunAsync(Shell("dd if=/dev/zero bs=80M count=1 2>/dev/null | sleep 600"))).Id);
        Assert.Equal((RunStatus.Failed, ReasonCodes.Memory), (end.Status, end.Reason!.Code));
        Assert.Contains("passed Workflows:Execution:MemoryLimit, 50 MB", end.Reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_the_node_allows_is_refused_and_a_retry_may_have_more_than_the_run_before()
    {
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Execution:MaximumMemoryLimit"] = $"{300 * Megabyte}" });
        var token = TestContext.Current.CancellationToken;
        var refused = await server.Starter.StartAsync(Shell("true") with { MemoryLimitBytes = 301 * Megabyte }, new("test", "c"), token);
        Assert.Equal("memoryLimitBytes", refused.Failure!.Field);

        // It needs the same again, and ends.
        var script = "dd if=/dev/zero bs=80M count=1 2>/dev/null | { test -e $AGAIN || { touch $AGAIN; sleep 600; }; }";
        var run = (await server.StartRunAsync(Shell(script) with { Environment = new() { ["AGAIN"] = Path.Combine(server.Directory, "again") }, MemoryLimitBytes = 50 * Megabyte })).Id;
        Assert.Equal(ReasonCodes.Memory, (await server.EndOfAsync(run)).Reason!.Code);
        Assert.Equal("memoryLimitBytes", (await server.Starter.RetryAsync(run, new() { MemoryLimitBytes = 301 * Megabyte }, new("test", "c"), token)).Failure!.Field);
        var again = await server.Starter.RetryAsync(run, new() { MemoryLimitBytes = 200 * Megabyte }, new("test", "c"), token);
        Assert.Equal(RunStatus.Completed, (await server.EndOfAsync(again.Run!.Id)).Status);
    }

    private static StartRunRequest Shell(string script) => new() { Agent = "command", Command = ["/bin/sh", "-c", script] };
}
