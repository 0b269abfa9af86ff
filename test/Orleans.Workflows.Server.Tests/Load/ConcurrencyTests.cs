using Orleans.Workflows.Admission;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.Load;

/// <summary>Many real agent processes at once; the agents' own journal is the judge.</summary>
public sealed class ConcurrencyTests
{
    private const string Script = """
        {"steps":[{"text":"working","usage":{"input":50,"output":10},"costUsd":0.0008},{"delayMs":100},
        {"text":"done","usage":{"input":50,"output":10},"costUsd":0.0008},{"result":"done"}]}
        """;

    [Theory]
    [InlineData(10, 10)]
    [InlineData(20, 20)]
    [InlineData(50, 50)]
    [InlineData(200, 200)]
    public async Task All_runs_complete_and_each_agent_is_started_once(int runs, int slots)
    {
        var (infos, journal) = await RunAsync(runs, slots, limit: null);
        Assert.All(infos, info => Assert.Equal((RunStatus.Completed, 2, 100L, 20L, 0.0016m), (info.Status, info.Turns, info.Usage.InputTokens, info.Usage.OutputTokens, info.Usage.CostUsd)));
        Assert.Equal(runs, journal.Starts.Count);
        Assert.All(journal.Starts.Values, starts => Assert.Equal(1, starts));
        Assert.Equal(runs, journal.Ends);
        Assert.InRange(journal.Peak, 1, slots);
    }

    [Fact]
    public async Task The_silo_s_slots_alone_are_never_exceeded()
    {
        var (infos, journal) = await RunAsync(40, slots: 5, limit: null);
        Assert.All(infos, info => Assert.Equal(RunStatus.Completed, info.Status));
        Assert.InRange(journal.Peak, 2, 5);
    }

    [Fact]
    public async Task The_queue_s_limit_alone_is_never_exceeded()
    {
        var (infos, journal) = await RunAsync(40, slots: 50, limit: 4);
        Assert.All(infos, info => Assert.Equal(RunStatus.Completed, info.Status));
        Assert.InRange(journal.Peak, 2, 4);
    }

    private static async Task<(RunInfo[] Runs, AgentJournal Journal)> RunAsync(int runs, int slots, int? limit)
    {
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Execution:Slots"] = $"{slots}" });
        if (limit is not null)
        {
            await server.Grains.GetGrain<IAdmissionGrain>(0).SetLimitAsync("narrow", limit);
        }

        var journal = Path.Combine(server.Directory, "journal");
        var started = await Task.WhenAll(Enumerable.Range(0, runs).Select(_ => server.StartRunAsync(new()
        {
            Agent = "scripted",
            Message = Script,
            Queue = limit is null ? null : "narrow",
            Environment = new() { [AgentJournal.Variable] = journal },
        })));
        var ended = await Task.WhenAll(started.Select(run => server.EndOfAsync(run.Id)));
        return (ended, AgentJournal.Read(journal));
    }
}
