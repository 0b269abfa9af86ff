using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.Nodes;

/// <summary>Three silos on one PostgreSQL are stopped in order and started again one after the other, as an upgrade does, while callers go on.</summary>
[Collection(Execution.Alone.Name)]
public sealed class RollingRestartTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private const int Callers = 9;
    private static readonly string[] Names = ["a", "b", "c"];

    private readonly string _directory = Directory.CreateTempSubdirectory("ow-rolling-").FullName;
    private readonly ServerProcess[] _servers = new ServerProcess[Names.Length];
    private readonly ConcurrentQueue<(string Run, JsonElement Result)> _ended = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Journal => Path.Combine(_directory, "journal");

    [Fact]
    public async Task A_rolling_restart_under_load_fails_no_request_that_is_repeated_and_starts_no_run_again()
    {
        await Task.WhenAll(Names.Select(async (name, i) => _servers[i] = await StartAsync(name)));
        using var over = new CancellationTokenSource();
        using var caller = new RetryingCaller(() => [.. _servers.Select(server => server.Http.BaseAddress!)]);
        var load = Enumerable.Range(0, Callers).Select(number => CallAsync(caller, number, over.Token)).ToArray();
        try
        {
            foreach (var (name, i) in Names.Select((name, i) => (name, i)))
            {
                await RestartAsync(name, i);
            }
        }
        finally
        {
            await over.CancelAsync();
        }

        await Task.WhenAll(load);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_ended.Count} runs; longest away {caller.LongestAway}; repeated: {string.Join("; ", caller.Retries.Select(retry => $"{retry.Value}x {retry.Key}"))}");
        foreach (var (run, _) in _ended)
        {
            var (_, shown) = await caller.GetAsync($"/api/v1/runs/{run}", Token);
            Assert.Equal(("Completed", 1), (shown.GetProperty("status").GetString(), shown.GetProperty("attempts").GetInt32()));
        }

        // By the agents' own word, and as many runs as keys.
        var starts = AgentJournal.Read(Journal).Starts;
        Assert.Equal((_ended.Count, _ended.Count), (starts.Count, starts.Values.Sum()));
        var (_, page) = await caller.GetAsync("/api/v1/runs?limit=1&total=true", Token);
        Assert.Equal(_ended.Count, page.GetProperty("total").GetInt32());
        await Task.WhenAll(_servers.Select(server => server.DisposeAsync().AsTask()));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task RestartAsync(string name, int i)
    {
        // In the middle of work: each caller has ended a run since the last one.
        var before = _ended.Count;
        await TestKit.Waiting.WaitFor.Condition(() => _ended.Count >= before + Callers, () => $"{_ended.Count} runs", cancellationToken: Token);
        var begun = TimeProvider.System.GetTimestamp();
        var ended = await _servers[i].StopAsync();
        var gone = TimeProvider.System.GetElapsedTime(begun);
        Assert.True(ended.ExitCode == 0, $"{ended}");
        _servers[i] = await StartAsync(name);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: gone after {gone.TotalSeconds:0.0} s, ready after {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s");
    }

    /// <summary>One after the other: starts a run, sends the start again, looks at it, and waits for its end.</summary>
    private async Task CallAsync(RetryingCaller caller, int number, CancellationToken over)
    {
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            var (key, body) = ($"{number}-{i}", Body(number, i));
            var (accepted, run) = await caller.PostAsync("/api/v1/runs", body, key, Token);
            Assert.True(accepted is HttpStatusCode.Created or HttpStatusCode.OK, $"{accepted} {run}");
            var id = run.GetProperty("id").GetString()!;
            var (again, same) = await caller.PostAsync("/api/v1/runs", body, key, Token);
            Assert.Equal((HttpStatusCode.OK, id), (again, same.GetProperty("id").GetString()));
            HttpStatusCode status;
            JsonElement result;
            do
            {
                var (found, shown) = await caller.GetAsync($"/api/v1/runs/{id}", Token);
                Assert.True(found == HttpStatusCode.OK, $"{found} {shown}");
                (status, result) = await caller.GetAsync($"/api/v1/runs/{id}/result?wait=20", Token);
                Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Conflict, $"{status} {result}");
            }
            while (status != HttpStatusCode.OK);
            _ended.Enqueue((id, result));
        }
    }

    private object Body(int number, int i) => new
    {
        agent = "scripted",
        message = $$"""{"steps":[{"text":"on it"},{"delayMs":{{500 + (((number * 700) + (i * 1_100)) % 3_500)}}},{"text":"nearly"},{"result":"done"}]}""",
        environment = new Dictionary<string, string> { [AgentJournal.Variable] = Journal },
    };

    private Task<ServerProcess> StartAsync(string node) => ServerProcess.StartAsync(
        new Dictionary<string, string>
        {
            ["Workflows__StateDirectory"] = Path.Combine(_directory, node),
            ["Workflows__Execution__Node"] = node,
            ["Workflows__Execution__Slots"] = "4",
            ["Workflows__Database__Provider"] = "postgresql",
            ["Workflows__Database__ConnectionString"] = postgres.ConnectionString,
        },
        Token);
}
