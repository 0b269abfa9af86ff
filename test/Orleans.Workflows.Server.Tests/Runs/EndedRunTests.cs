using Orleans.Runtime;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Runs;

/// <summary>What is left in memory of runs that have ended.</summary>
public sealed class EndedRunTests
{
    [Fact]
    public async Task Its_grain_leaves_memory_soon_also_when_it_was_looked_at_again()
    {
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Runs:KeepEnded"] = "00:00:00.2" });
        var run = await server.StartRunAsync(new() { Agent = "scripted", Message = """{"steps":[{"result":"done"}]}""" });
        await server.EndOfAsync(run.Id);
        var grain = server.Grains.GetGrain<IWorkflowGrain>(run.Id.Value);
        await GoneAsync(server, grain.GetGrainId());
        var again = await grain.GetAsync();
        Assert.Equal(RunStatus.Completed, again!.Status);
        await GoneAsync(server, grain.GetGrainId());
    }

    private static async Task GoneAsync(WorkflowsServer server, GrainId run)
    {
        var grains = Array.Empty<DetailedGrainStatistic>();
        await WaitFor.Value(
            async cancellation =>
            {
                grains = await server.Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(null, null, cancellation);
                return grains.Any(grain => grain.GrainId == run) ? null : "gone";
            },
            () => string.Join(", ", grains.Select(grain => grain.GrainId)),
            cancellationToken: TestContext.Current.CancellationToken);
    }
}
