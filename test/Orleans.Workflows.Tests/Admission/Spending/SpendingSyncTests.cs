using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Tests.Admission.Spending;

/// <summary>What was used and the ledger: it outlives admission's memory, and what nobody told is found.</summary>
public sealed class SpendingSyncTests : IAsyncLifetime
{
    private static readonly string Demand = new Demand { Workflow = "w", Agent = "scripted" }.ToJson()!;

    private AdmissionSyncFixture _fixture = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _fixture = await AdmissionSyncFixture.StartAsync();
        var order = new LimitOrder
        {
            Name = "money",
            Spec = new() { Dimension = LimitDimension.Service, Measure = LimitMeasure.CostUsd, Value = 10, PeriodSeconds = 3_600 },
            Caller = "test",
            CorrelationId = "test",
        };
        Assert.True(await _fixture.Ledger.PutRuleAsync(RuleKind.Limit, LimitRows.Row(order, 1, _fixture.Time.GetUtcNow()), Token));
        await _fixture.RebuildAsync();
        _fixture.Report();
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task What_was_used_and_what_runs_counts_after_a_rebuild_until_the_period_is_over()
    {
        var (first, _) = await _fixture.StartRunAsync(Demand);
        await _fixture.EndAsync(first, new() { CostUsd = 4 });
        _fixture.Time.Advance(TimeSpan.FromMinutes(30));
        await _fixture.RebuildAsync();
        await _fixture.StartRunAsync(Demand);
        Assert.Equal((4, 4), Use());
        await _fixture.RebuildAsync();
        Assert.Equal((4, 4), Use());

        // 30 minutes ago it was, so it counts as long again, and a 256th of the period.
        _fixture.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal((4, 4), Use());
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((0, 4), Use());
        await _fixture.RebuildAsync();
        Assert.Equal((0, 4), Use());
    }

    [Fact]
    public async Task An_end_of_which_nobody_told_is_counted_by_what_the_ledger_has()
    {
        var (run, _) = await _fixture.StartRunAsync(Demand);
        await _fixture.EndAsync(run, new() { CostUsd = 7 });
        await _fixture.ReconcileAsync();
        Assert.Equal((0, 1), Use());
        await _fixture.HealAsync();
        Assert.Equal((7, 0), Use());
        await _fixture.ReconcileAsync();
        Assert.Equal((7, 0), Use());
    }

    [Fact]
    public async Task An_end_that_was_told_and_is_read_too_counts_once()
    {
        var (run, _) = await _fixture.StartRunAsync(Demand);
        await _fixture.EndAsync(run, new() { CostUsd = 7 });
        _fixture.Report(new()
        {
            Node = "n",
            Slots = 10,
            Usage = [new(run.Id, 1) { Queue = run.Queue, Demand = run.Demand, CostUsd = 7, HasEnded = true }],
            Released = [new(run.Id, 1)],
        });
        Assert.Equal((7, 0), Use());
        _fixture.Sync.SetSpent(await _fixture.Sync.ReadSpentAsync(Token));
        Assert.Equal((7, 0), Use());
    }

    [Fact]
    public async Task What_an_agent_used_and_did_not_tell_counts_after_a_rebuild_as_runs_like_it_use()
    {
        var (first, _) = await _fixture.StartRunAsync(Demand);
        await _fixture.EndAsync(first, new() { CostUsd = 3 });
        await _fixture.RebuildAsync();
        var (second, _) = await _fixture.StartRunAsync(Demand);
        await _fixture.EndAsync(second, new TokenUsage());
        await _fixture.RebuildAsync();
        Assert.Equal((6, 0), Use());
    }

    private (decimal Used, decimal? Reserved) Use() => Assert.Single(_fixture.Sync.Index.Limits.Single(limit => limit.Name == "money").Uses) is var use ? (use.Used, use.Reserved) : default;
}
