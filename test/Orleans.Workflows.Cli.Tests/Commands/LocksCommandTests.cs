using System.Text.Json;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Cli.Tests.Commands;

/// <summary>The commands for locks against the real server.</summary>
public sealed class LocksCommandTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_lock_is_held_listed_waited_for_and_taken_away()
    {
        var holder = Id(await RunAsync(0, "start", "--agent", "command", "--lock", "shop=shared", "--lock", "shop", "--lock", "deploy=shared", "--", "/bin/sleep", "600"));
        await RunAsync(0, "limits", "set", "stop", "--by", "Service", "--concurrency", "1");
        await WaitFor.Value<string>(
            async _ => await RunAsync(0, "locks", "-o", "table") is var held && held.Contains("exclusive", StringComparison.Ordinal) ? held : null,
            () => "it does not hold its locks", cancellationToken: TestContext.Current.CancellationToken);

        var waiting = Id(await RunAsync(0, "start", "--agent", "command", "--lock", "shop=shared", "--", "/bin/true"));
        var table = await RunAsync(0, "locks", "list", "-o", "table");
        foreach (var part in new[] { "shop", "exclusive", "deploy", "shared", holder[..8] })
        {
            Assert.Contains(part, table, StringComparison.Ordinal);
        }

        Assert.Contains("shop (exclusive)", await RunAsync(0, "show", holder, "-o", "table"), StringComparison.Ordinal);
        await RunAsync(0, "locks", "release", holder, "--reason", "by hand");
        Assert.DoesNotContain("exclusive", await RunAsync(0, "locks", "-o", "table"), StringComparison.Ordinal);
        await RunAsync(0, "limits", "remove", "stop");
        await RunAsync(0, "result", waiting, "--wait");
        await RunAsync(0, "terminate", holder);
    }

    private static string Id(string json) => JsonElement.Parse(json).GetProperty("id").GetString()!;

    private async Task<string> RunAsync(int exitCode, params string[] args)
    {
        var terminal = new TestTerminal();
        var code = await terminal.RunAsync([.. args[..1], "--server", fixture.Url, .. args[1..]]);
        Assert.True(code == exitCode, $"{code}: {terminal.Output}{terminal.Error}");
        return terminal.Output + terminal.Error;
    }
}
