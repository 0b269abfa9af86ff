using System.Text.Json;

namespace Orleans.Workflows.Cli.Tests.Commands;

/// <summary>The commands for schedules against the real server.</summary>
public sealed class SchedulesCommandTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_schedule_is_created_shown_paused_triggered_and_deleted()
    {
        string[] create = ["schedules", "create", "nightly", "demo", "--prompt", "hello", "--cron", "0 2 * * *", "--cron", "30 14 * * SUN", "--time-zone", "Europe/Berlin", "--jitter", "5m", "--overlap", "BufferOne", "--catch-up-window", "2h", "--note", "tidy"];
        var created = JsonElement.Parse(await RunAsync(0, create));
        Assert.Equal((7_200, 300, "hello"), (created.GetProperty("catchUpWindowSeconds").GetInt32(), created.GetProperty("spec").GetProperty("jitterSeconds").GetInt32(), created.GetProperty("run").GetProperty("message").GetString()));
        Assert.Contains("schedule_exists", await RunAsync(4, create), StringComparison.Ordinal);
        await RunAsync(0, [.. create, "--replace"]);

        var shown = await RunAsync(0, "schedules", "show", "nightly", "-o", "table");
        foreach (var part in new[] { "0 2 * * *; 30 14 * * SUN Europe/Berlin", "BufferOne", "2h", "tidy" })
        {
            Assert.Contains(part, shown, StringComparison.Ordinal);
        }

        Assert.Contains("paused", await RunAsync(0, "schedules", "pause", "nightly", "--note", "holiday", "-o", "table"), StringComparison.Ordinal);
        var run = JsonElement.Parse(await RunAsync(0, "schedules", "trigger", "nightly", "--idempotency-key", "k")).GetProperty("action").GetProperty("run").GetString()!;
        await RunAsync(0, "result", run, "--wait");
        Assert.Contains("holiday", await RunAsync(0, "schedules", "resume", "nightly"), StringComparison.Ordinal);
        Assert.Contains("nightly", await RunAsync(0, "schedules", "list"), StringComparison.Ordinal);
        Assert.Contains("nightly", await RunAsync(0, "schedules", "-o", "table"), StringComparison.Ordinal);
        Assert.Contains("removed", await RunAsync(0, "schedules", "delete", "nightly", "-o", "table"), StringComparison.Ordinal);
        await RunAsync(3, "schedules", "show", "nightly");
    }

    [Fact]
    public async Task An_interval_with_its_bounds_and_a_program_to_run()
    {
        var created = JsonElement.Parse(await RunAsync(0, "schedules", "create", "often", "--every", "1h30m", "--offset", "90s", "--start-at", "2020-01-01T00:00:00Z", "--end-at", "2999-01-01T00:00:00Z", "--paused", "--agent", "command", "--", "/bin/true", "--cron"));
        var spec = created.GetProperty("spec");
        Assert.Equal((5_400, 90, "2999-01-01T00:00:00.000000Z"), (spec.GetProperty("intervalSeconds").GetInt32(), spec.GetProperty("offsetSeconds").GetInt32(), spec.GetProperty("endAt").GetString()));
        Assert.Equal(["/bin/true", "--cron"], created.GetProperty("run").GetProperty("command").EnumerateArray().Select(part => part.GetString()!));
        Assert.True(created.GetProperty("paused").GetBoolean());
        Assert.Contains("spec.cron[0]", await RunAsync(2, "schedules", "create", "bad", "demo", "--cron", "every day"), StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(int exitCode, params string[] args)
    {
        var terminal = new TestTerminal();
        var code = await terminal.RunAsync([.. args[..1], "--server", fixture.Url, .. args[1..]]);
        Assert.True(code == exitCode, $"{code}: {terminal.Output}{terminal.Error}");
        return terminal.Output + terminal.Error;
    }
}
