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
            await PutAsync(first, 1);
            await first.StartRunAsync(new { agent = "scripted", message = """{"steps":[{"text":"a","costUsd":0.75},{"text":"b","costUsd":0.5},{"readStdin":true},{"result":"done"}]}""" }, Token);
            await UntilUsedAsync(first, 1.25m);
            next = await first.StartRunAsync(new { agent = "scripted", message = """{"steps":[{"text":"c","costUsd":0.25},{"result":"done"}]}""" }, Token);
            await WaitsAsync(first, next);
            await first.KillAsync();
        }

        await using var second = await StartAsync();
        await UntilUsedAsync(second, 1.25m);
        await WaitsAsync(second, next);
        await PutAsync(second, 10);
        await second.UntilStatusAsync(next, "Completed", Token);
        await UntilUsedAsync(second, 1.5m);
        await second.StopAsync();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task PutAsync(ServerProcess server, decimal value)
    {
        using var content = new StringContent($$"""{"dimension":"service","measure":"costUsd","value":{{value}},"periodSeconds":3600}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await server.Http.PutAsync(new Uri("/api/v1/limits/money", UriKind.Relative), content, Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private static Task<object> UntilUsedAsync(ServerProcess server, decimal expected) => WaitFor.Value<object>(
        async token =>
        {
            var limits = JsonElement.Parse(await server.Http.GetStringAsync(new Uri("/api/v1/limits", UriKind.Relative), token)).GetProperty("items");
            return limits.EnumerateArray().Single().GetProperty("uses").EnumerateArray().Sum(use => use.GetProperty("used").GetDecimal()) == expected ? "" : null;
        },
        () => $"{expected} USD are not used",
        cancellationToken: Token);

    private static Task<object> WaitsAsync(ServerProcess server, RunId run) => WaitFor.Value<object>(
        async token => (await server.Http.GetStringAsync(new Uri($"/api/v1/runs/{run}/explain", UriKind.Relative), token)).Contains("limit 'money': 1.25 of 1 USD used", StringComparison.Ordinal) ? "" : null,
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
