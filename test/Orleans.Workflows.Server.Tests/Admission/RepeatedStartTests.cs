using Orleans.Workflows.Admission;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Admission;

public sealed class RepeatedStartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_repeated_start_offers_the_run_whose_first_answer_was_lost()
    {
        // Without scans only the repeated request can find it, and without slots nothing takes it away.
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Admission:HealPeriod"] = "1.00:00:00", ["Execution:Slots"] = "0" });
        var context = new StartContext("test", "c", IdempotencyKey: "again");
        var request = new StartRunRequest { Agent = "scripted", Message = """{"steps":[{"result":"done"}]}""" };
        var admission = server.Grains.GetGrain<IAdmissionGrain>(0);
        var first = (await server.Starter.StartAsync(request, context, Token)).Run!;
        await OfferedAsync(admission, first.Id);
        await admission.ExchangeAsync(new() { Node = "other", Slots = 0, Withdrawn = [first.Id] });
        Assert.Null(await admission.GetPositionAsync(first.Id));

        var again = await server.Starter.StartAsync(request, context, Token);
        Assert.True(again.Existing);
        await OfferedAsync(admission, first.Id);
    }

    private static Task<object> OfferedAsync(IAdmissionGrain admission, RunId run) =>
        WaitFor.Value<object>(async _ => await admission.GetPositionAsync(run), () => $"{run} does not wait", cancellationToken: Token);
}
