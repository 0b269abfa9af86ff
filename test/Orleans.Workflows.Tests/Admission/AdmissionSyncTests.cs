using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>What the index does when news is lost, late, or comes while it reads.</summary>
public sealed class AdmissionSyncTests : IAsyncLifetime
{
    private AdmissionSyncFixture _fixture = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await AdmissionSyncFixture.StartAsync();
        await _fixture.RebuildAsync();
        _fixture.Report();
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task The_slot_of_an_attempt_whose_end_nobody_told_is_free_after_two_reads()
    {
        var (run, _) = await _fixture.StartRunAsync();
        await _fixture.EndAttemptAsync(run);
        await _fixture.ReconcileAsync();
        Assert.Empty(_fixture.Take());
        Assert.Equal(0, _fixture.Repairs);

        // The second read does not wait for a whole period; and the run itself, which nobody offered, waits again.
        await _fixture.HealAsync();
        Assert.Equal(run.Id, Assert.Single(_fixture.Take()).Run);
        Assert.Equal(1, _fixture.Repairs);
    }

    [Fact]
    public async Task An_open_attempt_without_a_slot_occupies_one_at_once()
    {
        var run = await _fixture.ClaimAsync(await _fixture.AcceptAsync(), null);
        var waiting = await _fixture.AcceptAsync();
        await _fixture.ReconcileAsync();
        Assert.Empty(_fixture.Take());
        Assert.Equal(1, _fixture.Repairs);

        await _fixture.EndAttemptAsync(run);
        _fixture.Report(new() { Node = "n", Slots = 10, Released = [new(run.Id, 1)] });
        Assert.Equal(waiting.Id, Assert.Single(_fixture.Take()).Run);
    }

    [Fact]
    public async Task An_end_that_is_told_while_the_open_attempts_are_read_is_no_repair_and_frees_its_slot()
    {
        var (run, _) = await _fixture.StartRunAsync();
        _fixture.Hold.After(nameof(ILedger.ReadOpenAttemptsAsync), () => _fixture.Report(new() { Node = "n", Slots = 10, Released = [new(run.Id, 1)] }));
        await _fixture.ReconcileAsync();
        await _fixture.EndAttemptAsync(run);
        Assert.Empty(_fixture.Sync.Index.Attempts);
        await _fixture.ReconcileAsync();
        await _fixture.ReconcileAsync();
        Assert.Equal(0, _fixture.Repairs);
    }

    [Fact]
    public async Task Locks_whose_end_nobody_told_are_free_after_two_reads_and_those_that_nobody_told_of_are_held()
    {
        var demand = new Demand { Locks = [new("a", LockMode.Exclusive)] }.ToJson();
        var run = await _fixture.AcceptAsync(demand: demand);
        await _fixture.HealAsync();
        var grant = Assert.Single(_fixture.Take());
        var starting = await _fixture.ClaimAsync(run, grant);
        _fixture.Report(new() { Node = "n", Slots = 10, Claimed = [new(grant, 1)] });
        await _fixture.ReconcileAsync();
        await _fixture.HealAsync();
        Assert.Equal(0, _fixture.Repairs);

        await _fixture.EndAsync(starting);
        var waiting = await _fixture.AcceptAsync(demand: demand);
        _fixture.Report(new() { Node = "n", Slots = 10, Released = [new(run.Id, 1)] });
        await _fixture.ReconcileAsync();
        Assert.Empty(_fixture.Take());
        await _fixture.HealAsync();
        Assert.Equal(1, _fixture.Repairs);
        var next = Assert.Single(_fixture.Take());
        Assert.Equal(waiting.Id, next.Run);

        // A node that claimed it and died: another activation reads it, this one finds it.
        _fixture.Report(new() { Node = "n", Slots = 10, Returned = [next] });
        await _fixture.ClaimAsync(waiting, next);
        await _fixture.ReconcileAsync();
        await _fixture.HealAsync();
        Assert.Equal(waiting.Id, Assert.Single(_fixture.Sync.Index.LockHoldings).Run);
        await _fixture.RebuildAsync();
        Assert.Equal(waiting.Id, Assert.Single(_fixture.Sync.Index.LockHoldings).Run);
    }

    [Fact]
    public async Task A_claim_and_an_end_on_their_way_are_no_repairs()
    {
        var run = await _fixture.AcceptAsync();
        await _fixture.HealAsync();
        var grant = Assert.Single(_fixture.Take());
        var starting = await _fixture.ClaimAsync(run, grant);
        _fixture.Time.Advance(_fixture.Options.ReconcilePeriod - _fixture.Options.ClaimTimeout);
        _fixture.Report(new() { Node = "n", Slots = 10, Claimed = [new(grant, 1)] });
        await _fixture.EndAttemptAsync(starting);
        await _fixture.ReconcileAsync();
        _fixture.Report(new() { Node = "n", Slots = 10, Released = [new(run.Id, 1)] });
        await _fixture.HealAsync();
        await _fixture.ReconcileAsync();
        Assert.Equal(0, _fixture.Repairs);
    }

    [Fact]
    public async Task An_end_that_is_told_while_the_index_is_built_again_frees_its_slot()
    {
        var (run, _) = await _fixture.StartRunAsync();
        var next = await _fixture.AcceptAsync();
        _fixture.Hold.After(nameof(ILedger.ReadOpenAttemptsAsync), () => _fixture.Report(new() { Node = "n", Slots = 10, Released = [new(run.Id, 1)] }));
        await _fixture.RebuildAsync();
        Assert.Equal(next.Id, Assert.Single(_fixture.Take()).Run);
    }

    [Fact]
    public async Task A_limit_that_is_set_while_the_index_is_built_again_holds()
    {
        await _fixture.AcceptAsync();
        await _fixture.AcceptAsync();
        _fixture.Hold.After(nameof(ILedger.ReadRulesAsync), () => _fixture.Sync.Change("narrow", LimitRule.Of("narrow", QueueLimits.Of(AdmissionSyncFixture.Queue, 2))));
        await _fixture.RebuildAsync();
        Assert.Equal(2, _fixture.Take().Count);
    }

    [Fact]
    public async Task While_the_index_is_built_again_nothing_is_granted()
    {
        await _fixture.AcceptAsync();
        await _fixture.HealAsync();
        var meanwhile = new List<Grant>();
        _fixture.Hold.After(nameof(ILedger.ReadOpenAttemptsAsync), () => meanwhile.AddRange(_fixture.Take()));
        await _fixture.RebuildAsync();
        Assert.Empty(meanwhile);
        Assert.Single(_fixture.Take());
    }

    [Fact]
    public async Task A_rebuild_that_failed_after_its_epoch_was_taken_is_repeated_before_anything_is_granted()
    {
        var run = await _fixture.AcceptAsync();
        _fixture.Hold.After(nameof(ILedger.AdvanceAdmissionEpochAsync), () => throw new LedgerUnavailableException("The answer is lost."));
        await Assert.ThrowsAsync<LedgerUnavailableException>(_fixture.RebuildAsync);
        Assert.Empty(_fixture.Take());
        await _fixture.HealAsync();
        await _fixture.ClaimAsync(run, Assert.Single(_fixture.Take()));
    }

    [Fact]
    public async Task An_activation_whose_epoch_is_over_finds_out_by_the_grants_that_come_back()
    {
        var run = await _fixture.AcceptAsync();
        await _fixture.HealAsync();
        var grant = Assert.Single(_fixture.Take());
        await _fixture.Ledger.AdvanceAdmissionEpochAsync(TestContext.Current.CancellationToken);
        _fixture.Report(new() { Node = "n", Slots = 10, Returned = [grant] });
        await _fixture.HealAsync();
        await _fixture.ClaimAsync(run, Assert.Single(_fixture.Take()));
    }

    [Fact]
    public async Task An_unclaimed_grant_voids_the_epoch_by_the_steady_clock_only()
    {
        await _fixture.AcceptAsync();
        await _fixture.HealAsync();
        var grant = Assert.Single(_fixture.Take());
        _fixture.Time.Jump(TimeSpan.FromDays(1));
        await _fixture.HealAsync();
        Assert.Equal(grant.Epoch, _fixture.Sync.Index.Epoch);
        _fixture.Time.Advance(_fixture.Options.ClaimTimeout + TimeSpan.FromSeconds(1));
        await _fixture.HealAsync();
        Assert.Equal(grant.Epoch + 1, _fixture.Sync.Index.Epoch);
    }

    [Fact]
    public async Task A_scan_begins_where_the_last_that_succeeded_began_however_long_ago_that_was()
    {
        _fixture.Options.ReconcilePeriod = TimeSpan.FromDays(1);
        var run = await _fixture.AcceptAsync();
        _fixture.Hold.After(nameof(ILedger.ReadQueuedAsync), () => throw new LedgerUnavailableException("Away."));
        await Assert.ThrowsAsync<LedgerUnavailableException>(_fixture.HealAsync);
        _fixture.Time.Advance(TimeSpan.FromHours(1));
        await _fixture.HealAsync();
        Assert.Equal(run.Id, Assert.Single(_fixture.Take()).Run);
    }

    [Fact]
    public async Task A_run_that_another_clock_stamped_long_ago_is_found_with_the_slots()
    {
        var run = await _fixture.AcceptAsync(_fixture.Time.GetUtcNow().AddHours(-1));
        await _fixture.HealAsync();
        Assert.Empty(_fixture.Take());
        await _fixture.ReconcileAsync();
        Assert.Equal(run.Id, Assert.Single(_fixture.Take()).Run);
    }

    [Fact]
    public async Task Every_page_of_a_long_queue_is_walked()
    {
        const int Runs = 2_500;
        RunRow[] runs = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => _fixture.AcceptAsync(_fixture.Time.GetUtcNow().AddHours(-1))));
        await _fixture.ReconcileAsync();
        Assert.Equal(runs.Length, _fixture.Sync.Index.Waiting);
    }

    [Fact]
    public async Task A_run_with_a_queue_time_limit_is_due_however_it_was_found_and_no_more_once_it_is_granted()
    {
        var due = _fixture.Time.GetUtcNow().AddMinutes(1);
        var run = await _fixture.AcceptAsync(nextDeadline: due);
        await _fixture.HealAsync();
        Assert.Equal(due, _fixture.Sync.NextDue);
        await _fixture.RebuildAsync();
        Assert.Equal(due, _fixture.Sync.NextDue);
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(_fixture.Sync.TryTakeDue(out var woken));
        Assert.Equal(run.Id, woken);

        var grant = Assert.Single(_fixture.Take());
        Assert.Null(_fixture.Sync.NextDue);
        _fixture.Report(new() { Node = "n", Slots = 10, Returned = [grant], Offers = [new(run.Id, AdmissionSyncFixture.Queue, grant.QueuedAt) { DueAt = grant.DueAt }] });
        Assert.Equal(due, _fixture.Sync.NextDue);
        _fixture.Report(new() { Node = "n", Slots = 10, Withdrawn = [run.Id] });
        Assert.Null(_fixture.Sync.NextDue);
    }

    [Fact]
    public async Task A_run_waits_for_the_node_of_its_session_until_the_ledger_shows_that_node_as_lost()
    {
        await _fixture.Ledger.PutNodeAsync(new("m", "", 1, _fixture.Time.GetUtcNow(), _fixture.Time.GetUtcNow().AddMinutes(1)), TestContext.Current.CancellationToken);
        var run = await _fixture.AcceptAsync(node: "m");
        await _fixture.HealAsync();
        Assert.Empty(_fixture.Take());

        // Found in the ledger again, and its node does not report: but it may return.
        await _fixture.RebuildAsync();
        _fixture.Time.Advance(TimeSpan.FromMinutes(10));
        await _fixture.HealAsync();
        Assert.Empty(_fixture.Take());

        _fixture.Time.Advance(TimeSpan.FromMinutes(2));
        await _fixture.HealAsync();
        Assert.Equal(run.Id, Assert.Single(_fixture.Take()).Run);
    }

    [Fact]
    public async Task A_run_does_not_wait_for_a_node_that_was_declared_lost()
    {
        var now = _fixture.Time.GetUtcNow();
        await _fixture.Ledger.PutNodeAsync(new("m", "", 1, now, now), TestContext.Current.CancellationToken);
        var run = await _fixture.AcceptAsync(node: "m");
        await _fixture.HealAsync();
        Assert.Empty(_fixture.Take());

        await _fixture.Ledger.DeclareNodeLostAsync(new("m", now, now, "ann", "it burnt", "c"), TestContext.Current.CancellationToken);
        await _fixture.HealAsync();
        Assert.Equal(run.Id, Assert.Single(_fixture.Take()).Run);
    }

    [Fact]
    public async Task A_run_does_not_wait_for_a_node_that_the_ledger_does_not_know()
    {
        var run = await _fixture.AcceptAsync(node: "m");
        await _fixture.HealAsync();
        Assert.Equal(run.Id, Assert.Single(_fixture.Take()).Run);
    }

    [Fact]
    public async Task A_node_that_reports_is_not_lost_whatever_the_ledger_shows()
    {
        await _fixture.AcceptAsync(node: "m");
        _fixture.Report(new() { Node = "m", Slots = 0 });
        await _fixture.HealAsync();
        Assert.Empty(_fixture.Take());
    }
}
