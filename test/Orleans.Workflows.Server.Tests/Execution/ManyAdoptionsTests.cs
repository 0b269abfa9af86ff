using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>A server process is killed with twenty agents at work; the next one has them all within seconds of its start.</summary>
[Collection(Alone.Name)]
public sealed class ManyAdoptionsTests : IDisposable
{
    private const int Agents = 20;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    private readonly string _directory = Directory.CreateTempSubdirectory("ow-twenty-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string StateDirectory => Path.Combine(_directory, "state");

    [Fact]
    public async Task Twenty_agents_of_a_killed_server_are_adopted_within_5_s_none_is_started_again_and_every_line_is_kept_once()
    {
        var (agents, runs) = (new WaitingAgents(_directory), new RunId[Agents]);
        var stamp = TimeProvider.System.GetTimestamp();
        TimeSpan bare;
        await using (var first = await StartAsync())
        {
            bare = TimeProvider.System.GetElapsedTime(stamp);
            for (var i = 0; i < Agents; i++)
            {
                runs[i] = await agents.StartAsync(first, Token);
            }

            await agents.AtWorkAsync(Token);
            await first.KillAsync();
        }

        var begun = TimeProvider.System.GetUtcNow();
        await using var second = await StartAsync();
        await agents.LetGoAsync(Token);
        foreach (var run in runs)
        {
            await agents.JudgeAsync(second, run, [StateDirectory], Token);
        }

        agents.EachStartedOnce();
        var adopted = WaitingAgents.AdoptionsIn((await second.StopAsync()).Output).Select(at => at - begun).ToArray();
        Assert.Equal(Agents, adopted.Length);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Agents} agents adopted {adopted.Min().TotalSeconds:0.00} to {adopted.Max().TotalSeconds:0.00} s after the process's start; a start with nothing to adopt took {bare.TotalSeconds:0.00} s");
        WaitingAgents.Within(Bound, bare, adopted.Max());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(
        new Dictionary<string, string>
        {
            ["Workflows__StateDirectory"] = StateDirectory,
            ["Workflows__Execution__Slots"] = $"{Agents}",
            ["Workflows__Execution__StopAgentsOnShutdown"] = "true",
        },
        Token);
}
