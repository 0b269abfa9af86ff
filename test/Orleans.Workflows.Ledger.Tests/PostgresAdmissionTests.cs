using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Waiting;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>How claims and changes of the admission epoch keep out of each other's way on PostgreSQL.</summary>
public sealed class PostgresAdmissionTests(PostgresLedgerFixture fixture) : IClassFixture<PostgresLedgerFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_claim_writes_nothing_to_the_row_of_the_epoch()
    {
        var epoch = await fixture.Ledger.AdvanceAdmissionEpochAsync(Token);
        var run = await AcceptAsync();

        // Where a row lock would leave its mark.
        var before = await fixture.ScalarAsync("select xmax || ' ' || ctid from admission");
        Assert.Equal(AppendResult.Committed, await ClaimAsync(run, epoch));
        Assert.Equal(before, await fixture.ScalarAsync("select xmax || ' ' || ctid from admission"));
    }

    [Fact]
    public async Task An_epoch_that_is_changed_by_hand_waits_for_the_claims_in_flight_and_holds_off_later_ones()
    {
        var epoch = await fixture.Ledger.AdvanceAdmissionEpochAsync(Token);
        var run = await AcceptAsync();
        var later = await AcceptAsync();
        await using var connection = await fixture.ConnectAsync();
        Task<AppendResult> claim, late;
        Task<int> change;
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            // The claim has seen the epoch and waits for its run.
            await using var hold = connection.CreateCommand();
            hold.CommandText = $"select 1 from runs where id = '{run.Id}' for update";
            await hold.ExecuteScalarAsync(Token);
            claim = ClaimAsync(run, epoch);
            await WaitersReachAsync(1);
            change = fixture.ExecuteAsync("update admission set epoch = epoch + 1");
            await WaitersReachAsync(2);
            late = ClaimAsync(later, epoch);
            await WaitersReachAsync(3);
            await transaction.CommitAsync(Token);
        }

        Assert.Equal(AppendResult.Committed, await claim);
        Assert.Equal(1, await change);
        Assert.Equal(AppendStatus.StaleEpoch, (await late).Status);
    }

    [Fact]
    public async Task A_claim_that_meets_another_step_of_its_run_is_a_conflict_and_not_stale()
    {
        var epoch = await fixture.Ledger.AdvanceAdmissionEpochAsync(Token);
        var run = await AcceptAsync();
        Assert.True((await fixture.Ledger.AppendAsync(new LedgerAppend { Run = run.To(RunStatus.Queued) }, Token)).IsCommitted);
        Assert.Equal(AppendStatus.VersionConflict, (await ClaimAsync(run, epoch)).Status);
    }

    private async Task<RunRow> AcceptAsync()
    {
        var run = Accepted();
        Assert.True((await fixture.Ledger.AppendAsync(new LedgerAppend { Run = run }, Token)).IsCommitted);
        return run;
    }

    private Task<AppendResult> ClaimAsync(RunRow run, long epoch) =>
        fixture.Ledger.AppendAsync(Step(run, run.To(RunStatus.Starting)) with { AdmissionEpoch = epoch }, Token);

    private Task<string> WaitersReachAsync(int count) => WaitFor.Value(
        async _ => await fixture.ScalarAsync(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == $"{count}" ? "reached" : null,
        () => $"not {count} waiters", cancellationToken: Token);
}
