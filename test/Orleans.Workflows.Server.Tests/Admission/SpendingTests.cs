using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Admission;

/// <summary>What a running agent has used counts while it runs, and on after its server was killed.</summary>
public sealed class SpendingTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-spending-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_an_agent_used_counts_before_it_ends_and_is_counted_by_the_next_server_too()
    {
        RunId next;
        await using (var first = await StartAsync())
        {
            await PutAsync(first, 1_000);
            await first.StartRunAsync(new { agent = "scripted", message = """{"steps":[{"text":"a","usage":{"input":700,"output":50}},{"text":"b","usage":{"input":400,"output":100}},{"readStdin":true},{"result":"done"}]}""" }, Token);

            // How much it said it has not told yet.
            await UntilUsedAsync(first, 1_100);
            next = await first.StartRunAsync(new { agent = "scripted", message = """{"steps":[{"text":"c","usage":{"input":200,"output":50}},{"result":"done"}]}""" }, Token);
            await WaitsAsync(first, next);
            await first.KillAsync();
        }

        await using var second = await StartAsync();
        await UntilUsedAsync(second, 1_100);
        await WaitsAsync(second, next);
        await PutAsync(second, 10_000_000);
        await second.UntilStatusAsync(next, "Completed", Token);
        await UntilUsedAsync(second, 1_350);
        await second.StopAsync();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task PutAsync(ServerProcess server, long value)
    {
        using var content = new StringContent($$"""{"dimension":"service","measure":"tokens","value":{{value}},"periodSeconds":3600}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await server.Http.PutAsync(new Uri("/api/v1/limits/tokens", UriKind.Relative), content, Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private static async Task UntilUsedAsync(ServerProcess server, long expected)
    {
        var (used, text) = (0L, "");
        await WaitFor.Value<object>(
            async token =>
            {
                text = await server.Http.GetStringAsync(new Uri("/api/v1/limits", UriKind.Relative), token);
                var limits = JsonElement.Parse(text).GetProperty("items");
                used = limits.EnumerateArray().Single().GetProperty("uses").EnumerateArray().Sum(use => use.GetProperty("used").GetInt64());
                return used == expected ? "" : null;
            },
            () => $"{used} tokens are used: {text}",
            cancellationToken: Token);
    }

    private static Task<object> WaitsAsync(ServerProcess server, RunId run) => WaitFor.Value<object>(
        async token => (await server.Http.GetStringAsync(new Uri($"/api/v1/runs/{run}/explain", UriKind.Relative), token)).Contains("limit 'tokens': 1100 of 1000 tokens used", StringComparison.Ordinal) ? "" : null,
        () => "it does not wait for the limit",
        cancellationToken: Token);

    private Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(
        new Dictionary<string, string>
        {
            ["Workflows__StateDirectory"] = Path.Combine(_directory, "state"),
            ["Workflows__Execution__StopAgentsOnShutdown"] = "true",
        },
        Token);
}
