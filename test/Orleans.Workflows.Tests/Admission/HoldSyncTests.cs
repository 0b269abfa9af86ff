using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>Holds and the ledger: they outlive admission's memory, and what another activation did is found.</summary>
public sealed class HoldSyncTests : IAsyncLifetime
{
    private static readonly HoldSubject Service = HoldSubject.Of(LimitDimension.Service, null, null);

    private AdmissionSyncFixture _fixture = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _fixture = await AdmissionSyncFixture.StartAsync();
        await _fixture.RebuildAsync();
        _fixture.Report();
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task What_stands_in_the_ledger_stands_after_a_rebuild_until_its_time_or_its_release()
    {
        await _fixture.AcceptAsync();
        await PutAsync(1, Rule(until: null));
        await _fixture.RebuildAsync();
        Assert.Empty(_fixture.Take());
        await PutAsync(2, Rule(_fixture.Time.GetUtcNow().AddHours(1)));
        await _fixture.RebuildAsync();
        Assert.Empty(_fixture.Take());
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        await _fixture.RebuildAsync();
        Assert.Single(_fixture.Take());
    }

    [Fact]
    public async Task What_another_activation_put_or_released_is_known_after_the_next_comparison()
    {
        await _fixture.AcceptAsync();
        await PutAsync(1, Rule(until: null));
        await _fixture.ReconcileAsync();
        Assert.Empty(_fixture.Take());
        await PutAsync(2, null);
        await _fixture.ReconcileAsync();
        Assert.Single(_fixture.Take());
    }

    [Fact]
    public async Task What_a_rate_limit_put_is_saved_however_often_the_database_is_away_and_whatever_epoch_it_is_then()
    {
        var (run, _) = await _fixture.StartRunAsync(new Demand { Credential = "c" }.ToJson());
        var reset = _fixture.Time.GetUtcNow().AddHours(5);
        _fixture.Report(new() { Node = "n", Slots = 10, Findings = [new(run.Id, 1) { Failed = Dependency.Credential, Until = reset, Text = "the limit" }] });
        _fixture.Hold.After(nameof(ILedger.ReadRuleHistoryAsync), () => throw new LedgerUnavailableException("It is away."));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => _fixture.Sync.SaveHoldsAsync(Token));
        await _fixture.RebuildAsync();
        Assert.Single(_fixture.Sync.Index.Holds);
        await _fixture.Sync.SaveHoldsAsync(Token);
        await _fixture.Sync.SaveHoldsAsync(Token);
        var row = Assert.Single(await _fixture.Ledger.ReadRulesAsync(RuleKind.Hold, Token));
        var rule = HoldRows.Rule(row)!;
        Assert.Equal(("credential:c", 1L, HoldSource.RateLimit, "the limit"), (row.Name, row.Version, rule.Source, rule.Reason));
        Assert.Equal(reset, rule.Until!.Value, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task A_release_while_the_index_is_built_again_holds()
    {
        await _fixture.AcceptAsync();
        await PutAsync(1, Rule(until: null));
        await _fixture.RebuildAsync();
        _fixture.Hold.After(nameof(ILedger.ReadOpenAttemptsAsync), () => _fixture.Sync.Release(Service));
        await _fixture.RebuildAsync();
        Assert.Single(_fixture.Take());
    }

    private HoldRule Rule(DateTimeOffset? until) => new(Service, HoldSource.Operator, "for a test", "ann", _fixture.Time.GetUtcNow(), until);

    private async Task PutAsync(long version, HoldRule? rule)
    {
        var row = rule is null
            ? HoldRows.Removal(Service, version, _fixture.Time.GetUtcNow(), new() { Dimension = LimitDimension.Service, Caller = "ann", CorrelationId = "c" })
            : HoldRows.Row(rule, version, "c");
        Assert.True(await _fixture.Ledger.PutRuleAsync(RuleKind.Hold, row, Token));
    }
}
