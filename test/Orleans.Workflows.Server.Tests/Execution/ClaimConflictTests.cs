using Orleans.Workflows.Admission;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.Execution;

public sealed class ClaimConflictTests
{
    [Fact]
    public async Task A_claim_that_meets_another_step_of_its_run_claims_again_at_once()
    {
        // An unclaimed grant would be found void after this time only.
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Admission:ClaimTimeout"] = "01:00:00" });
        await server.Grains.GetGrain<IAdmissionGrain>(0).SetLimitAsync("narrow", 1);
        var first = await server.StartRunAsync(new() { Agent = "scripted", Queue = "narrow", Message = """{"steps":[{"text":"up"},{"hang":true}]}""" });
        var second = await server.StartRunAsync(new() { Agent = "scripted", Queue = "narrow", Message = """{"steps":[{"text":"hi"},{"result":"done"}]}""" });

        // As another activation would: the one in memory does not know of it.
        var row = (await server.Ledger.ReadRunAsync(second.Id, TestContext.Current.CancellationToken))!;
        var step = await server.Ledger.AppendAsync(new() { Run = row with { Version = row.Version + 1 } }, TestContext.Current.CancellationToken);
        Assert.True(step.IsCommitted, step.Error);
        await server.Grains.GetGrain<IWorkflowGrain>(first.Id.Value).TerminateAsync(new() { Id = Guid.NewGuid(), Caller = "test", CorrelationId = "test" });

        var ended = await server.EndOfAsync(second.Id);
        Assert.Equal(RunStatus.Completed, ended.Status);
        Assert.Single(await server.Ledger.ReadAttemptsAsync(second.Id, TestContext.Current.CancellationToken));
    }
}
