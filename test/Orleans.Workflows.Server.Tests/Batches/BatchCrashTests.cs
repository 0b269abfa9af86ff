using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Batches;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Batches;

/// <summary>A server goes away in the midst of a batch, and the next one on the same database goes on.</summary>
public sealed class BatchCrashTests : IDisposable
{
    private const int Runs = 500;
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-batch-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_run_gets_exactly_one_command_although_the_server_is_killed_again_and_again()
    {
        var settings = new Dictionary<string, string> { ["Workflows__StateDirectory"] = Path.Combine(_directory, "state"), ["Workflows__Execution__Slots"] = "0" };
        string[] runs;
        string batch;
        await using (var first = await ServerProcess.StartAsync(settings, Token))
        {
            runs = await Task.WhenAll(Enumerable.Range(0, Runs).Select(async _ => Id(await PostAsync(first, "/api/v1/runs", new { agent = "scripted", message = "do", queue = "red" }))));
            batch = Id(await PostAsync(first, "/api/v1/batches", new { operation = "Cancel", filter = new { queue = "red", status = new[] { "Queued" } } }));
            await first.KillAsync();
        }

        // Again as soon as it answers, and then at its first and its second progress.
        for (var pages = 0; pages < 3; pages++)
        {
            await using var next = await ServerProcess.StartAsync(settings, Token);
            var seen = (JsonElement)await WaitFor.Value<object>(
                async _ => await ShowAsync(next, batch) is var shown && shown.GetProperty("done").GetInt32() >= 100 * pages ? shown : null, () => batch, TestTimeouts.Process, cancellationToken: Token);
            TestContext.Current.TestOutputHelper?.WriteLine($"{seen.GetProperty("status")} {seen.GetProperty("done")}");
            await next.KillAsync();
        }

        await using var last = await ServerProcess.StartAsync(settings, Token);
        var ended = (JsonElement)await WaitFor.Value<object>(
            async _ => await ShowAsync(last, batch) is var shown && shown.GetProperty("status").GetString() == "Completed" ? shown : null, () => batch, TestTimeouts.Process, cancellationToken: Token);
        Assert.Equal((Runs, Runs, 0, 0), (ended.GetProperty("matched").GetInt32(), ended.GetProperty("done").GetInt32(), ended.GetProperty("skipped").GetInt32(), ended.GetProperty("failed").GetInt32()));
        foreach (var run in runs)
        {
            var audit = await last.Http.GetFromJsonAsync<JsonElement>($"/api/v1/runs/{run}/audit", Token);
            Assert.Single(audit.GetProperty("items").EnumerateArray(), item => item.GetProperty("action").GetString() == "cancel");
        }
    }

    [Fact]
    public async Task A_reminder_alone_goes_on_with_a_batch_after_a_restart()
    {
        var settings = new Dictionary<string, string> { ["Runs:ReminderPeriod"] = "00:00:02", ["Execution:Slots"] = "0" };
        var server = await WorkflowsServer.StartAsync(settings, directory: _directory);
        await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => server.StartRunAsync(new() { Agent = "scripted", Message = "do", Queue = "red" })));
        var batches = server.Services.GetRequiredService<BatchStore>();
        var batch = (await batches.StartAsync(new() { Operation = BatchOperation.Terminate, Filter = new() { Queue = "red" } }, new("alice", "c"), Token)).Batch!.Id;
        await server.StopAsync();

        server = await WorkflowsServer.StartAsync(settings, directory: _directory, off: Watchers.Batches);
        Assert.Equal("Running", (await server.Ledger.ReadBatchAsync(batch, Token))!.Status);
        // From the ledger: whoever asked the grain would wake it.
        var ended = await WaitFor.Value(async token => await server.Ledger.ReadBatchAsync(batch, token) is { EndedAt: not null } row ? row : null, () => $"{batch}", TestTimeouts.Process, cancellationToken: Token);
        Assert.Equal(("Completed", Runs), (ended.Status, (int)ended.Done));
        await server.StopAsync();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static Task<JsonElement> ShowAsync(ServerProcess server, string batch) => server.Http.GetFromJsonAsync<JsonElement>($"/api/v1/batches/{batch}", Token);

    private static string Id(JsonElement json) => json.GetProperty("id").GetString()!;

    private static async Task<JsonElement> PostAsync<T>(ServerProcess server, string path, T body)
    {
        using var response = await server.Http.PostAsJsonAsync(path, body, Token);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }
}
