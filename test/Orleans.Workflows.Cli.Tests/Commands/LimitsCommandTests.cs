using System.Text.Json;

namespace Orleans.Workflows.Cli.Tests.Commands;

/// <summary>The commands for limits against the real server.</summary>
public sealed class LimitsCommandTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_limit_is_set_listed_explained_and_removed()
    {
        await RunAsync(0, "limits", "set", "acme", "--by", "Tenant", "--key", "acme", "--concurrency", "0", "--note", "not paid");
        await RunAsync(0, "limits", "set", "stages", "--by", "Label", "--label", "stage", "--starts", "5", "--per", "1m", "--shared");
        await RunAsync(0, "limits", "set", "money", "--by", "Tenant", "--key", "poor", "--cost-usd", "12.50", "--per", "1h", "--reject");
        await RunAsync(0, "limits", "set", "tokens", "--by", "Credential", "--tokens", "2000000", "--per", "1m");
        var table = await RunAsync(0, "limits", "-o", "table");
        foreach (var part in new[] { "acme", "tenant", "0 running", "label stage", "* (together)", "5 starts in 60 s", "12.5 USD in 3600 s, else refused", "2,000,000 tokens in 60 s" })
        {
            Assert.Contains(part, table, StringComparison.Ordinal);
        }

        var run = JsonElement.Parse(await RunAsync(0, "start", "--agent", "command", "--tenant", "acme", "--priority", "1", "--fairness-key", "k", "--", "/bin/true")).GetProperty("id").GetString()!;
        Assert.Contains("acme", await RunAsync(0, "explain", run, "-o", "table"), StringComparison.Ordinal);
        Assert.Contains("\"Queued\"", await RunAsync(0, "explain", run), StringComparison.Ordinal);
        var shown = await RunAsync(0, "show", run, "-o", "table");
        Assert.Contains("tenant", shown, StringComparison.Ordinal);

        await RunAsync(0, "limits", "set", "acme", "--by", "Tenant", "--key", "acme", "--concurrency", "none");
        await RunAsync(0, "result", run, "--wait");
        Assert.Contains("it has ended (Completed", await RunAsync(0, "explain", run), StringComparison.Ordinal);
        Assert.Contains("removed", await RunAsync(0, "limits", "remove", "acme", "--note", "over", "-o", "table"), StringComparison.Ordinal);
        var history = await RunAsync(0, "limits", "history", "acme", "-o", "table");
        foreach (var part in new[] { "not paid", "no limit", "removed", "over" })
        {
            Assert.Contains(part, history, StringComparison.Ordinal);
        }

        await RunAsync(0, "limits", "set", "backlog", "--by", "Tenant", "--key", "full", "--waiting", "0");
        Assert.Contains("0 waiting", await RunAsync(0, "limits", "-o", "table"), StringComparison.Ordinal);
        Assert.Contains("limit_reached", await RunAsync(5, "start", "--agent", "command", "--tenant", "full", "--", "/bin/true"), StringComparison.Ordinal);
        await RunAsync(3, "limits", "remove", "acme");
        await RunAsync(2, "limits", "set", "acme", "--by", "Tenant");
        await RunAsync(2, "limits", "set", "acme", "--by", "Tenant", "--concurrency", "many");
        await RunAsync(2, "limits", "set", "acme", "--by", "Tenant", "--tokens", "5", "--cost-usd", "5", "--per", "1h");
        Assert.Contains("periodSeconds", await RunAsync(2, "limits", "set", "acme", "--by", "Tenant", "--tokens", "5"), StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(int exitCode, params string[] args)
    {
        var terminal = new TestTerminal();
        var code = await terminal.RunAsync([.. args[..1], "--server", fixture.Url, .. args[1..]]);
        Assert.True(code == exitCode, $"{code}: {terminal.Output}{terminal.Error}");
        return terminal.Output + terminal.Error;
    }
}
