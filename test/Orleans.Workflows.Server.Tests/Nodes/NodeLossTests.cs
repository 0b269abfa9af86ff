using System.Net.Http.Json;
using System.Text.Json;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Nodes;

/// <summary>Two server processes with roots of their own; one never returns.</summary>
public sealed class NodeLossTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-loss-").FullName;

    private string Journal => Path.Combine(_directory, "journal");

    [Fact]
    public async Task A_lost_node_s_run_goes_on_elsewhere_after_its_agent_has_ended_and_never_beside_it()
    {
        var token = TestContext.Current.CancellationToken;
        var started = Path.Combine(_directory, "started");
        var first = await ServerProcess.StartAsync(Settings("a"), token);

        // Works until it is ended, the first time.
        var script = $$"""{"steps":[{"text":"on it"},{"tool":"Bash","input":{},"run":"[ -e {{started}} ] || { touch {{started}}; sleep 600; }"},{"result":"done"}]}""";
        var response = await first.Http.PostAsJsonAsync("/api/v1/runs", new { agent = "scripted", message = script, environment = new Dictionary<string, string> { [AgentJournal.Variable] = Journal } }, token);
        var run = JsonElement.Parse(await response.Content.ReadAsStringAsync(token)).GetProperty("id").GetString()!;
        await WaitFor.Condition(() => File.Exists(started), () => run, TestTimeouts.Process, cancellationToken: token);
        await using var second = await ServerProcess.StartAsync(Settings("b"), token);
        await first.KillAsync();
        await first.DisposeAsync();

        // Its machine is gone with all that it held.
        Directory.Move(Path.Combine(_directory, "a"), Path.Combine(_directory, "gone"));
        using var shown = await WaitFor.Value(
            async cancellation =>
            {
                // 503 until the cluster knows that the silo is dead.
                using var answer = await second.Http.GetAsync(new Uri($"/api/v1/runs/{run}", UriKind.Relative), cancellation);
                var found = answer.IsSuccessStatusCode ? JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation)) : null;
                return found?.RootElement.GetProperty("status").GetString() == "Completed" ? found : null;
            },
            () => run,
            TestTimeouts.Process,
            cancellationToken: token);
        var attempts = JsonElement.Parse(await second.Http.GetStringAsync(new Uri($"/api/v1/runs/{run}/attempts", UriKind.Relative), token)).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(2, attempts.Length);
        Assert.Equal("node_lost", attempts[0].GetProperty("reason").GetProperty("code").GetString());
        Assert.Contains("begins anew", attempts[0].GetProperty("reason").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("b", attempts[1].GetProperty("node").GetString());
        var journal = AgentJournal.Read(Journal);
        Assert.Equal((2, 1), (journal.Starts.Values.Sum(), journal.Peak));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Dictionary<string, string> Settings(string node) => ShortLeases.Settings(_directory, node, postgres.ConnectionString);
}
