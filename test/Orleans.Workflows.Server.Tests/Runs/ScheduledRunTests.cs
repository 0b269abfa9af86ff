using System.Net.Http.Json;
using System.Text.Json;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Runs;

/// <summary>Runs that start later, for real: once, on time, whatever dies before.</summary>
public sealed class ScheduledRunTests : IDisposable
{
    /// <summary>For a machine that has more to do.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(3);

    private readonly string _directory = Directory.CreateTempSubdirectory("ow-later-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_starts_once_and_on_time()
    {
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Execution:Slots"] = "20" }, directory: Path.Combine(_directory, "one"));
        var runs = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => server.StartRunAsync(new()
        {
            Agent = "command",
            Command = ["/bin/sh", "-c", $"echo {i} >> {Journal}"],
            StartAfterSeconds = 1 + (i % 3),
        })));
        Assert.All(runs, run => Assert.Equal((RunStatus.Scheduled, run.Deadline), (run.Status, run.StartAt)));
        foreach (var run in runs)
        {
            Assert.Equal(RunStatus.Completed, (await server.EndOfAsync(run.Id)).Status);
            var claimed = Assert.Single(await server.Ledger.ReadAttemptsAsync(run.Id, Token)).ClaimedAt;
            Assert.InRange(claimed - run.StartAt!.Value, TimeSpan.Zero, Late);
        }

        Assert.Equal(20, (await File.ReadAllLinesAsync(Journal, Token)).Distinct().Count());
        Assert.Equal(20, (await File.ReadAllLinesAsync(Journal, Token)).Length);
    }

    [Fact]
    public async Task A_server_that_is_killed_before_and_at_a_start_loses_none_and_starts_none_twice()
    {
        var settings = new Dictionary<string, string> { ["Workflows__StateDirectory"] = Path.Combine(_directory, "state") };
        var runs = new List<RunId>();
        DateTimeOffset first;
        await using (var server = await ServerProcess.StartAsync(settings, Token))
        {
            foreach (var after in new[] { 3, 4, 25 })
            {
                runs.Add(await server.StartRunAsync(new { agent = "command", command = new[] { "/bin/sh", "-c", $"echo {after} >> {Journal}" }, startAfterSeconds = after }, Token));
            }

            first = (await StartOfAsync(server, runs[0]))!.Value;
            await WaitFor.Condition(() => TimeProvider.System.GetUtcNow() >= first, () => $"{first}", TestTimeouts.Process, cancellationToken: Token);
            await server.KillAsync();
        }

        await using var next = await ServerProcess.StartAsync(settings, Token);
        foreach (var run in runs)
        {
            Assert.Equal("Completed", (await next.UntilEndedAsync(run, cancellationToken: Token)).GetProperty("status").GetString());
        }

        Assert.Equal(["25", "3", "4"], (await File.ReadAllLinesAsync(Journal, Token)).Order());

        // Nobody had it in memory: the scan alone knew of it.
        var attempts = await next.Http.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/runs/{runs[2]}/attempts", UriKind.Relative), Token);
        var claimed = Assert.Single(attempts.GetProperty("items").EnumerateArray()).GetProperty("claimedAt").GetDateTimeOffset();
        Assert.InRange(claimed - (await StartOfAsync(next, runs[2]))!.Value, TimeSpan.Zero, Late);
    }

    [Fact]
    public async Task It_counts_towards_a_bounded_queue_only_once_it_is_due_and_is_then_not_refused()
    {
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Execution:Slots"] = "0" }, directory: Path.Combine(_directory, "full"));
        using (var put = await server.Http.PutAsJsonAsync(new Uri("/api/v1/limits/backlog", UriKind.Relative), new { dimension = "Queue", key = "bounded", measure = "Waiting", value = 1 }, Token))
        {
            Assert.Equal(201, (int)put.StatusCode);
        }

        StartRunRequest later = new() { Agent = "command", Command = ["/bin/true"], Queue = "bounded", StartAfterSeconds = 3 };
        var scheduled = new[] { await server.StartRunAsync(later), await server.StartRunAsync(later) };
        var now = await server.StartRunAsync(later with { StartAfterSeconds = null });
        Assert.Equal(RunStatus.Queued, now.Status);
        Assert.Equal("limit_reached", (await server.Starter.StartAsync(later with { StartAfterSeconds = null }, new("test", "c"), Token)).Failure?.Code);
        foreach (var run in scheduled)
        {
            await server.Grains.GetGrain<IWorkflowGrain>(run.Id.Value).WaitForAsync(info => info.Status == RunStatus.Queued);
        }

        await WaitFor.Value<object>(
            async _ => (await server.Grains.GetGrain<IAdmissionGrain>(0).GetQueuesAsync()).SingleOrDefault(queue => queue.Name == "bounded") is { Waiting: 3 } full ? full : null,
            () => "not all wait",
            cancellationToken: Token);
        Assert.Equal("limit_reached", (await server.Starter.StartAsync(later with { StartAfterSeconds = null }, new("test", "c"), Token)).Failure?.Code);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Journal => Path.Combine(_directory, "journal");

    private static async Task<DateTimeOffset?> StartOfAsync(ServerProcess server, RunId run) =>
        (await server.Http.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/runs/{run}", UriKind.Relative), Token)).GetProperty("startAt").GetDateTimeOffset();
}
