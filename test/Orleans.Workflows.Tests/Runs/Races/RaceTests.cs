using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Runs.Races;

/// <summary>
/// Every pair of things that can happen to a run at once, in both orders: the first one's write is held on its way to the
/// ledger until the second has arrived. Whatever the order, there is one legal end and nothing is lost.
/// </summary>
public sealed class RaceTests(RaceSilo silo) : IClassFixture<RaceSilo>
{
    private static readonly (RunStatus From, string[] Events)[] Races =
    [
        (RunStatus.Queued, ["cancel", "terminate", "message", "claim", "expire", "pause"]),
        (RunStatus.Running, ["cancel", "terminate", "message", "output", "done", "fails", "lost", "timeout", "pause"]),
        (RunStatus.Paused, ["cancel", "terminate", "message", "resume", "pause"]),
    ];

    public static TheoryData<RunStatus, string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<RunStatus, string, string>();
            foreach (var (from, events) in Races)
            {
                foreach (var (first, second) in events.SelectMany(first => events.Select(second => (first, second))))
                {
                    pairs.Add(from, first, second);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Two_at_one_activation(RunStatus from, string first, string second)
    {
        var run = await RacingRun.ReachAsync(silo, from, first, second);
        var held = silo.Steps.Hold(append => append.Run.Id == run.Id);
        var one = run.ActAsync(first);
        await Task.WhenAny(held.Arrived, one);
        var two = run.ActAsync(second);
        held.Release();
        await Task.WhenAll(one, two);
        await run.FinishAsync();
        await run.CheckAsync(first, second);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Two_at_two_activations(RunStatus from, string first, string second)
    {
        var run = await RacingRun.ReachAsync(silo, from, first, second);
        var held = silo.Steps.Hold(append => append.Run.Id == run.Id);
        var one = run.ActAsync(first);
        await Task.WhenAny(held.Arrived, one);
        await run.ActElsewhereAsync(second);
        held.Release();
        await one;
        await run.FinishAsync();
        await run.CheckAsync(first, second);
    }

    [Theory]
    [InlineData("cancel", RunStatus.Canceled)]
    [InlineData("terminate", RunStatus.Terminated)]
    public async Task A_run_that_is_stopped_while_it_is_being_accepted_was_accepted_and_ends(string stop, RunStatus end)
    {
        var run = await RacingRun.ReachAsync(silo, null);
        var held = silo.Steps.Hold(append => append.Run.Id == run.Id);
        var start = run.ActAsync("start");
        await held.Arrived;
        var stopped = run.ActAsync(stop);
        held.Release();
        await Task.WhenAll(start, stopped);
        Assert.Equal(end, (await run.CheckAsync(stop)).Status);
    }

    [Fact]
    public async Task Output_that_comes_after_its_attempt_was_given_up_is_not_counted()
    {
        var run = await RacingRun.ReachAsync(silo, RunStatus.Running);
        var held = silo.Steps.Hold(append => append.Run.Id == run.Id);
        var lost = run.ActAsync("lost");
        await held.Arrived;
        var late = run.ActAsync("output");
        held.Release();
        await Task.WhenAll(lost, late);
        Assert.Empty(await silo.Ledger.ReadUsageAsync(run.Id, TestContext.Current.CancellationToken));
        await run.FinishAsync();
        Assert.Null((await run.CheckAsync()).Usage.InputTokens);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_continuations_at_once_one_is_accepted(bool retry)
    {
        var before = (await silo.Starter.StartAsync(new() { Agent = "command", Command = ["/bin/true"] }, Caller(), TestContext.Current.CancellationToken)).Run!;
        await silo.Grains.GetRun(before.Id).TerminateAsync(new() { Id = Guid.NewGuid(), Caller = "test", CorrelationId = "c" });

        // The first is held until the second is durable: who comes later to the ledger loses, whoever asked first.
        var held = silo.Steps.Hold(append => append.Run.ContinuedFrom == before.Id);
        var one = ContinueAsync();
        await held.Arrived;
        var two = await ContinueAsync();
        held.Release();
        Assert.NotNull(two.Run);
        Assert.Equal("session_busy", (await one).Failure!.Code);
        Assert.Equal([two.Run.Id], await silo.Ledger.ReadContinuationsAsync(before.Id, TestContext.Current.CancellationToken));

        Task<StartRunResult> ContinueAsync() => retry
            ? silo.Starter.RetryAsync(before.Id, new(), Caller(), TestContext.Current.CancellationToken)
            : silo.Starter.ContinueAsync(before.Id, new(), Caller(), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task One_key_sent_twice_at_once_is_one_run()
    {
        var key = new StartContext("test", "c", IdempotencyKey: Guid.NewGuid().ToString());
        var held = silo.Steps.Hold(append => append.Idempotency?.Key == key.IdempotencyKey);
        var one = StartAsync();
        await held.Arrived;
        var two = await StartAsync();
        held.Release();
        Assert.Equal((two.Run!.Id, false, true), ((await one).Run!.Id, two.Existing, (await one).Existing));

        Task<StartRunResult> StartAsync() => silo.Starter.StartAsync(new() { Agent = "command", Command = ["/bin/true"] }, key, TestContext.Current.CancellationToken);
    }

    private static StartContext Caller() => new("test", Guid.NewGuid().ToString("N"));
}
