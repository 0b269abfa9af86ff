using Orleans.Workflows.Admission;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Admission;

/// <summary>A silo that dies between what it makes durable and what it tells.</summary>
public sealed class LostReportTests
{
    private const string Quick = """{"steps":[{"text":"hi"},{"result":"done"}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_queue_whose_only_slot_was_given_up_by_a_silo_that_died_before_it_told_goes_on()
    {
        await using var server = await StartAsync();
        var admission = server.Grains.GetGrain<IAdmissionGrain>(0);
        await admission.SetLimitAsync("narrow", 1);
        var busy = await server.StartRunAsync(new() { Agent = "scripted", Message = """{"steps":[{"text":"up"},{"hang":true}]}""" });
        await WaitFor.Value<object>(
            async token => (await server.Ledger.ReadOpenAttemptsAsync(token)).SingleOrDefault(), () => "the server's one slot is free", cancellationToken: Token);

        // Another silo's node, played by this test: its run is claimed and ends, and it dies before it reports the end.
        var lost = await AcceptAsync(server.Ledger);
        var grant = Assert.Single((await admission.ExchangeAsync(new() { Node = "doomed", Slots = 1, Offers = [new(lost.Id, "narrow", lost.QueuedAt!.Value)] })).Grants);
        var starting = lost with { Version = 2, Status = RunStatus.Starting, WaitsFor = null, NextDeadline = Now.AddHours(1), Epoch = 1, OpenAttempt = 1, Node = "doomed" };
        var attempt = new AttemptRow { Run = lost.Id, Number = 1, Node = "doomed", Queue = "narrow", ClaimedAt = Now };
        await AppendAsync(server.Ledger, new() { Run = starting, Attempt = attempt, NewAttempt = true, AdmissionEpoch = grant.Epoch });
        await admission.ExchangeAsync(new() { Node = "doomed", Slots = 1, Claimed = [new(grant, 1)] });
        var second = await server.StartRunAsync(new() { Agent = "scripted", Queue = "narrow", Message = Quick });
        var reason = new Reason(ReasonCodes.Canceled, "It is over.");
        await AppendAsync(server.Ledger, new()
        {
            Run = starting with { Version = 3, Status = RunStatus.Canceled, Reason = reason, NextDeadline = null, OpenAttempt = null, EndedAt = Now },
            Attempt = attempt with { EndedAt = Now, Reason = reason },
        });

        await server.Grains.GetGrain<IWorkflowGrain>(busy.Id.Value).TerminateAsync(new() { Id = Guid.NewGuid(), Caller = "test", CorrelationId = "test" });
        Assert.Equal(RunStatus.Completed, (await server.EndOfAsync(second.Id)).Status);
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static Task<WorkflowsServer> StartAsync() => WorkflowsServer.StartAsync(new Dictionary<string, string>
    {
        ["Admission:HealPeriod"] = "00:00:00.2",
        ["Admission:ReconcilePeriod"] = "00:00:01",
        ["Execution:Slots"] = "1",
    });

    private static async Task<RunRow> AcceptAsync(ILedger ledger)
    {
        var run = new RunRow
        {
            Id = RunId.New(TimeProvider.System),
            Version = 1,
            DefinitionHash = "d",
            Agent = "scripted",
            Queue = "narrow",
            Caller = "test",
            CorrelationId = "c",
            Spec = "{}",
            SessionId = Guid.CreateVersion7(),
            CreatedAt = Now,
            Status = RunStatus.Queued,
            QueuedAt = Now,
            WaitsFor = "a slot",
        };
        await AppendAsync(ledger, new() { Run = run });
        return run;
    }

    private static async Task AppendAsync(ILedger ledger, Ledger.Appending.LedgerAppend append)
    {
        var result = await ledger.AppendAsync(append, Token);
        Assert.True(result.IsCommitted, result.ToString());
    }
}
