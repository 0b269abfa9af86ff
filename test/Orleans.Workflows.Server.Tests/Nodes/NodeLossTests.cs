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
        string run;
        var first = await ServerProcess.StartAsync(Settings("a"), token);
        await using var second = await ServerProcess.StartAsync(Settings("b", slots: 0), token);
        await using (first)
        {
            // Says on each start that it runs, and the first time works until it is ended.
            var script = $$"""{"steps":[{"text":"on it"},{"tool":"Bash","input":{},"run":"[ -e {{started}} ] || { touch {{started}}; sleep 600; }"},{"result":"done"}]}""";
            var response = await first.Http.PostAsJsonAsync("/api/v1/runs", new { agent = "scripted", message = script, environment = new Dictionary<string, string> { [AgentJournal.Variable] = Journal } }, token);
            run = JsonElement.Parse(await response.Content.ReadAsStringAsync(token)).GetProperty("id").GetString()!;
            await WaitFor.Condition(() => File.Exists(started), () => run, TestTimeouts.Process, cancellationToken: token);
            await first.KillAsync();
        }

        // Its machine is gone with all that it held.
        Directory.Move(Path.Combine(_directory, "a"), Path.Combine(_directory, "gone"));
        await using var third = await ServerProcess.StartAsync(Settings("c"), token);
        using var shown = await WaitFor.Value(
            async cancellation =>
            {
                var found = JsonDocument.Parse(await second.Http.GetStringAsync(new Uri($"/api/v1/runs/{run}", UriKind.Relative), cancellation));
                return found.RootElement.GetProperty("status").GetString() == "Completed" ? found : null;
            },
            () => run,
            TestTimeouts.Process,
            cancellationToken: token);
        var attempts = JsonElement.Parse(await second.Http.GetStringAsync(new Uri($"/api/v1/runs/{run}/attempts", UriKind.Relative), token)).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(2, attempts.Length);
        Assert.Equal("node_lost", attempts[0].GetProperty("reason").GetProperty("code").GetString());
        Assert.Contains("begins anew", attempts[0].GetProperty("reason").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("c", attempts[1].GetProperty("node").GetString());
        var journal = AgentJournal.Read(Journal);
        Assert.Equal((2, 1), (journal.Starts.Values.Sum(), journal.Peak));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Dictionary<string, string> Settings(string node, int slots = 2) => new()
    {
        ["Workflows__StateDirectory"] = Path.Combine(_directory, node),
        ["Workflows__Execution__Node"] = node,
        ["Workflows__Database__Provider"] = "postgresql",
        ["Workflows__Database__ConnectionString"] = postgres.ConnectionString,
        ["Workflows__Execution__StopAgentsOnShutdown"] = "true",
        ["Workflows__Execution__Slots"] = $"{slots}",
        ["Workflows__Execution__NodeLease"] = "00:00:04",
        ["Workflows__Execution__Lease"] = "00:00:03",
        ["Workflows__Execution__InterruptGrace"] = "00:00:00.5",
        ["Workflows__Execution__InputGrace"] = "00:00:00.5",
        ["Workflows__Execution__TermGrace"] = "00:00:00.5",
        ["Workflows__Execution__AdoptionWindow"] = "00:00:12",
    };
}
