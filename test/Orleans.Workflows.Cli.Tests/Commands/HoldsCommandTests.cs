using System.Text.Json;

namespace Orleans.Workflows.Cli.Tests.Commands;

/// <summary>The commands for holds against the real server.</summary>
public sealed class HoldsCommandTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_held_queue_starts_nobody_until_it_is_released()
    {
        Assert.Contains("queue 'later'", await RunAsync(0, "holds", "put", "--by", "Queue", "--key", "later", "--reason", "the disk is full", "--for", "1h", "-o", "table"), StringComparison.Ordinal);
        var run = JsonElement.Parse(await RunAsync(0, "start", "--agent", "command", "--queue", "later", "--", "/bin/true")).GetProperty("id").GetString()!;
        var table = await RunAsync(0, "holds", "-o", "table");
        foreach (var part in new[] { "queue 'later'", "the disk is full" })
        {
            Assert.Contains(part, table, StringComparison.Ordinal);
        }

        Assert.Equal(table, await RunAsync(0, "holds", "list", "-o", "table"));
        Assert.Contains("is released", await RunAsync(0, "holds", "release", "--by", "Queue", "--key", "later", "--note", "emptied", "-o", "table"), StringComparison.Ordinal);
        await RunAsync(0, "result", run, "--wait");
        var history = await RunAsync(0, "holds", "history", "--by", "Queue", "--key", "later", "-o", "table");
        foreach (var part in new[] { "released", "emptied", "the disk is full" })
        {
            Assert.Contains(part, history, StringComparison.Ordinal);
        }
    }

    private async Task<string> RunAsync(int exitCode, params string[] args)
    {
        var terminal = new TestTerminal();
        var code = await terminal.RunAsync([.. args[..1], "--server", fixture.Url, .. args[1..]]);
        Assert.True(code == exitCode, $"{code}: {terminal.Output}{terminal.Error}");
        return terminal.Output + terminal.Error;
    }
}
