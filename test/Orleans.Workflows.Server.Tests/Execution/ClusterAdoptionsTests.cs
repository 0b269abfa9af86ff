using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>One of three silos on one PostgreSQL is killed with twenty agents at work; its next process has them all within seconds, the others keep theirs.</summary>
[Collection(Alone.Name)]
public sealed class ClusterAdoptionsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private const int Agents = 20;
    private const int Elsewhere = 4;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    private readonly string _directory = Directory.CreateTempSubdirectory("ow-cluster-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_agents_of_a_killed_silo_of_three_are_adopted_within_15_s_none_is_started_again_and_every_line_is_kept_once()
    {
        var (agents, runs) = (new WaitingAgents(_directory), new RunId[Agents + (2 * Elsewhere)]);
        await using var second = await StartAsync("b", Elsewhere);
        await using var third = await StartAsync("c", Elsewhere);
        var stamp = TimeProvider.System.GetTimestamp();
        TimeSpan bare;
        await using (var first = await StartAsync("a", Agents))
        {
            bare = TimeProvider.System.GetElapsedTime(stamp);
            for (var i = 0; i < runs.Length; i++)
            {
                runs[i] = await agents.StartAsync(i % 2 == 0 ? second : third, Token);
            }

            // Every slot is taken, so it is known how many are where.
            await agents.AtWorkAsync(Token);
            var node = await NodeAsync(second, "a");
            Assert.True(node.GetProperty("running").GetInt32() == Agents, node.GetRawText());
            await first.KillAsync();
        }

        var begun = TimeProvider.System.GetUtcNow();
        await using var again = await StartAsync("a", Agents);
        await agents.LetGoAsync(Token);
        foreach (var run in runs)
        {
            await agents.JudgeAsync(third, run, [StateOf("a"), StateOf("b"), StateOf("c")], Token);
        }

        agents.EachStartedOnce();
        var adopted = WaitingAgents.AdoptionsIn((await again.StopAsync()).Output).Select(at => at - begun).ToArray();
        Assert.Equal(Agents, adopted.Length);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Agents} agents adopted {adopted.Min().TotalSeconds:0.00} to {adopted.Max().TotalSeconds:0.00} s after the process's start, in a cluster of three; a start with nothing to adopt took {bare.TotalSeconds:0.00} s");
        WaitingAgents.Within(Bound, bare, adopted.Max());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<JsonElement> NodeAsync(ServerProcess server, string name) =>
        JsonElement.Parse(await server.Http.GetStringAsync(new Uri("/api/v1/nodes", UriKind.Relative), Token)).GetProperty("items").EnumerateArray().Single(node => node.GetProperty("name").GetString() == name);

    private string StateOf(string node) => Path.Combine(_directory, node);

    private Task<ServerProcess> StartAsync(string node, int slots) => ServerProcess.StartAsync(
        new Dictionary<string, string>
        {
            ["Workflows__StateDirectory"] = StateOf(node),
            ["Workflows__Execution__Node"] = node,
            ["Workflows__Execution__Slots"] = $"{slots}",
            ["Workflows__Execution__StopAgentsOnShutdown"] = "true",
            ["Workflows__Database__Provider"] = "postgresql",
            ["Workflows__Database__ConnectionString"] = postgres.ConnectionString,
        },
        Token);
}
