using System.Text.Json;

namespace Orleans.Workflows.Cli.Tests.Commands;

/// <summary>The commands for batches against the real server.</summary>
public sealed class BatchCommandTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Runs_are_canceled_retried_and_terminated_by_filter_and_the_exit_code_tells_who_refused()
    {
        await RunAsync(0, "limits", "set", "held", "--by", "Queue", "--key", "held", "--concurrency", "0");
        var runs = new List<string>();
        foreach (var team in new[] { "red", "red", "blue" })
        {
            runs.Add(Id(await RunAsync(0, "start", "--agent", "command", "--queue", "held", "--label", $"team={team}", "--", "/bin/true")));
        }

        var canceled = await RunAsync(0, "batch", "cancel", "--queue", "held", "--label", "team=red", "--status", "Queued,Running", "--reason", "code freeze", "--wait", "-o", "table");
        foreach (var part in new[] { "batch ", "Completed 2/2: 2 done, 0 skipped, 0 failed", "code freeze", "████" })
        {
            Assert.Contains(part, canceled, StringComparison.Ordinal);
        }

        Assert.Contains("\"Canceled\"", await RunAsync(0, "show", runs[0]), StringComparison.Ordinal);
        Assert.Contains("code freeze", await RunAsync(0, "show", runs[1]), StringComparison.Ordinal);
        Assert.Contains("\"Queued\"", await RunAsync(0, "show", runs[2]), StringComparison.Ordinal);

        // Two begin again, one has not ended.
        var retried = await RunAsync(1, "batch", "retry", "--queue", "held", "--created-before", "2999-01-01T00:00:00Z", "--wait", "-o", "table");
        foreach (var part in new[] { "3/3: 2 done, 0 skipped, 1 failed", "run_active", runs[2] })
        {
            Assert.Contains(part, retried, StringComparison.Ordinal);
        }

        Assert.Contains("1/1: 1 done", await RunAsync(0, "batch", "pause", "--queue", "held", "--label", "team=blue", "--reason", "lunch", "--wait", "-o", "table"), StringComparison.Ordinal);
        Assert.Contains("\"Paused\"", await RunAsync(0, "show", runs[2]), StringComparison.Ordinal);
        Assert.Contains("1/1: 1 done", await RunAsync(0, "batch", "resume", "--queue", "held", "--status", "Paused", "--wait", "-o", "table"), StringComparison.Ordinal);
        var id = Id(await RunAsync(0, "batch", "kill", "--queue", "held", "--status", "Queued", "--idempotency-key", "k"));
        Assert.Equal(id, Id(await RunAsync(0, "batch", "terminate", "--queue", "held", "--status", "Queued", "--idempotency-key", "k")));
        var json = JsonElement.Parse(await RunAsync(0, ["batch", "resume", "--queue", "nobody", "--wait"], error: false));
        Assert.Equal(("Resume", "Completed", 0), (json.GetProperty("operation").GetString(), json.GetProperty("status").GetString(), json.GetProperty("matched").GetInt32()));

        while (!(await RunAsync(0, "batch", "show", id, "-o", "table")).Contains("Completed", StringComparison.Ordinal))
        {
            await RunAsync(0, "batch", "list");
        }

        Assert.Contains("batch_ended", await RunAsync(4, "batch", "stop", id), StringComparison.Ordinal);
        var table = await RunAsync(0, "batch", "list", "--limit", "2", "-o", "table");
        foreach (var part in new[] { id, "Terminate", "Resume", "more: --cursor" })
        {
            Assert.Contains(part, table, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_wrong_is_told()
    {
        Assert.Contains("filter", await RunAsync(2, "batch", "cancel"), StringComparison.Ordinal);
        Assert.Contains("filter.status", await RunAsync(2, "batch", "cancel", "--status", "Complete"), StringComparison.Ordinal);
        await RunAsync(2, "batch", "cancel", "--label", "red");
        await RunAsync(2, "batch", "cancel", "--leaked", "perhaps");
        await RunAsync(2, "batch", "show", "mine");
        await RunAsync(3, "batch", "show", Guid.NewGuid().ToString());
        await RunAsync(3, "batch", "stop", Guid.NewGuid().ToString());
    }

    private static string Id(string json) => JsonElement.Parse(json).GetProperty("id").GetString()!;

    private Task<string> RunAsync(int exitCode, params string[] args) => RunAsync(exitCode, args, error: true);

    private async Task<string> RunAsync(int exitCode, string[] args, bool error)
    {
        var terminal = new TestTerminal();
        var code = await terminal.RunAsync([.. args[..1], "--server", fixture.Url, .. args[1..]]);
        Assert.True(code == exitCode, $"{code}: {terminal.Output}{terminal.Error}");
        return terminal.Output + (error ? terminal.Error : "");
    }
}
