using System.Net;
using System.Net.Http.Json;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.HardCases;

/// <summary>The database goes away under a server at work, and comes back.</summary>
public sealed class DatabaseOutageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PostgresStop.Fast)]
    [InlineData(PostgresStop.Immediate)]
    public async Task Agents_work_on_while_it_is_away_and_all_goes_on_by_itself_when_it_is_back(PostgresStop how)
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var server = await WorkflowsServer.StartAsync(Settings, await postgres.CreateDatabaseAsync(cancellationToken: Token));
        var (ready, goOn) = (Path.Combine(server.Directory, "ready"), Path.Combine(server.Directory, "go-on"));
        var atWork = await server.StartRunAsync(new()
        {
            Agent = "scripted",
            Message = $$"""{"steps":[{"text":"before"},{"tool":"Bash","input":{},"run":"touch {{ready}}; while [ ! -e {{goOn}} ]; do sleep 0.02; done"},{"lines":200,"bytes":300},{"text":"meanwhile"},{"result":"done"},{"exit":0}]}""",
        });
        var waiting = await server.StartRunAsync(new() { Agent = "scripted", Message = """{"steps":[{"result":"done"},{"exit":0}]}""" });
        await WaitFor.Condition(() => File.Exists(ready), () => "the agent is not at work", TestTimeouts.Process, cancellationToken: Token);

        await postgres.StopAsync(how);
        using (var refused = await StartOverRestAsync(server))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        }

        using (var notReady = await server.Http.GetAsync(new Uri("/api/v1/health/ready", UriKind.Relative), Token))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, notReady.StatusCode);
        }

        // It ends while nobody can be told.
        await File.WriteAllTextAsync(goOn, "", Token);
        await WaitFor.Condition(() => SupervisorProcess.HasEnded(server.StateDirectory, atWork.Id), () => "the agent did not end", TestTimeouts.Process, cancellationToken: Token);

        await postgres.RestartAsync();
        foreach (var run in new[] { atWork, waiting })
        {
            var end = await WaitFor.Value(token => EndOfAsync(server, run.Id, token), () => $"run {run.Id} did not end", TestTimeouts.Process, cancellationToken: Token);
            Assert.Equal((RunStatus.Completed, 1), (end.Status, end.Attempts));
        }

        var transcript = await server.Http.GetByteArrayAsync(new Uri($"/api/v1/runs/{atWork.Id}/transcript", UriKind.Relative), Token);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(server.StateDirectory, "attempts", $"{atWork.Id.Value:N}-1", "stdout"), Token), transcript);
        using var accepted = await StartOverRestAsync(server);
        Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
    }

    private static Dictionary<string, string> Settings => new()
    {
        ["Database:UnavailableAfter"] = "00:00:02",
        ["Execution:Slots"] = "1",
        ["Execution:ReconcilePeriod"] = "00:00:01",
        ["Watching:ScanPeriod"] = "00:00:00.5",
        ["Admission:HealPeriod"] = "00:00:00.5",
        ["Admission:ReconcilePeriod"] = "00:00:01",
        ["Admission:PollWait"] = "00:00:01",
    };

    /// <summary>Null while it has not ended, or nobody can say.</summary>
    private static async ValueTask<RunInfo?> EndOfAsync(WorkflowsServer server, RunId run, CancellationToken cancellationToken)
    {
        try
        {
            var info = await server.Grains.GetGrain<IWorkflowGrain>(run.Value).GetAsync().WaitAsync(cancellationToken);
            return info is { } known && known.Status.IsTerminal() ? known : null;
        }
        catch (LedgerUnavailableException)
        {
            return null;
        }
    }

    private static Task<HttpResponseMessage> StartOverRestAsync(WorkflowsServer server) =>
        server.Http.PostAsJsonAsync("/api/v1/runs", new { agent = "scripted", message = """{"steps":[{"result":"done"},{"exit":0}]}""" }, Token);
}
