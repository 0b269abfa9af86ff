using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>A lock is held exactly while its row is there, and the database keeps apart who may not hold it together.</summary>
public abstract partial class LedgerConformanceTests
{
    [Fact]
    public async Task Locks_are_taken_with_a_claim_kept_through_attempts_and_free_with_the_end()
    {
        var (name, other) = ($"a-{Guid.NewGuid()}", $"b-{Guid.NewGuid()}");
        var starting = await TakeAsync(name, "Exclusive", 7, other);
        Assert.Equal([(name, 1, 7L), (other, 1, 7L)], (await LocksAsync(starting.Id)).Select(held => (held.Name, held.Attempt, held.Token)));
        var queued = starting.To(RunStatus.Queued);
        await CommitAsync(Step(starting, queued));
        Assert.Equal(2, (await LocksAsync(starting.Id)).Count);
        var again = queued.To(RunStatus.Starting);
        await CommitAsync(Step(queued, again) with { Locks = [Lock(name, again, "Exclusive", 9) with { AcquiredAt = Start.AddDays(1) }, Lock(other, again, "Exclusive", 9)] });
        Assert.Equal([(name, 2, 9L, Start), (other, 2, 9L, Start)], (await LocksAsync(starting.Id)).Select(held => (held.Name, held.Attempt, held.Token, held.AcquiredAt)));
        await CommitAsync(Step(again, again.To(RunStatus.Failed)));
        Assert.Empty(await LocksAsync(starting.Id));
        await TakeAsync(name, "Shared", 10);
    }

    [Fact]
    public async Task Who_would_hold_what_another_holds_starts_nothing()
    {
        var name = $"a-{Guid.NewGuid()}";
        var holder = await TakeAsync(name, "Shared", 1);
        await TakeAsync(name, "Shared", 2);
        foreach (var mode in new[] { "Exclusive", "Shared" })
        {
            var queued = await AcceptAsync();
            var starting = queued.To(RunStatus.Starting);
            var step = Step(queued, starting) with { Locks = [Lock(name, starting, mode, 3)] };
            var result = await Ledger.AppendAsync(step, Token);
            Assert.Equal(mode == "Shared" ? AppendStatus.Committed : AppendStatus.Rejected, result.Status);
            if (mode == "Exclusive")
            {
                Assert.Contains("lock_is_held", result.Error, StringComparison.Ordinal);
                AssertSame(queued, await Ledger.ReadRunAsync(queued.Id, Token));
            }
        }

        Assert.NotEmpty(await LocksAsync(holder.Id));
    }

    [Fact]
    public async Task Many_claims_at_once_leave_one_holder()
    {
        var name = $"a-{Guid.NewGuid()}";
        var claims = new List<LedgerAppend>();
        for (var i = 0; i < 12; i++)
        {
            var queued = await AcceptAsync();
            var starting = queued.To(RunStatus.Starting);
            claims.Add(Step(queued, starting) with { Locks = [Lock(name, starting, i % 2 == 0 ? "Exclusive" : "Shared", i), Lock($"z-{name}", starting, "Shared", i)] });
        }

        var results = await Task.WhenAll(claims.Select(claim => Ledger.AppendAsync(claim, Token)));
        var taken = (await Ledger.ReadLocksAsync(Token)).Where(held => held.Name == name).ToArray();
        Assert.Equal(results.Count(result => result.IsCommitted), taken.Length);
        Assert.NotEmpty(taken);
        Assert.True(taken.Length == 1 || taken.All(held => held.Mode == "Shared"));
        Assert.All(results, result => Assert.True(result.IsCommitted || result.Status == AppendStatus.Rejected));
    }

    [Fact]
    public async Task An_operator_frees_them_and_by_hand_nobody_takes_what_is_not_his()
    {
        var name = $"a-{Guid.NewGuid()}";
        var starting = await TakeAsync(name, "Exclusive", 5);
        var at = "'2026-01-02T03:04:05.000000Z'";
        Assert.Contains("lock_is_of_an_open_attempt", await Fixture.RefusedAsync($"insert into locks (name, run_id, attempt, mode, token, acquired_at) values ('x', '{starting.Id}', 2, 'Shared', 1, {at})"), StringComparison.Ordinal);
        await Fixture.RefusedAsync($"insert into locks (name, run_id, attempt, mode, token, acquired_at) values ('x', '{starting.Id}', 1, 'Other', 1, {at})");
        Assert.Contains("tokens_never_shrink", await Fixture.RefusedAsync($"update locks set token = 4 where name = '{name}'"), StringComparison.Ordinal);
        Assert.Contains("tokens_never_shrink", await Fixture.RefusedAsync($"update locks set mode = 'Shared' where name = '{name}'"), StringComparison.Ordinal);
        var next = starting with { Version = starting.Version + 1 };
        await CommitAsync(new LedgerAppend { Run = next, ReleasesLocks = true });
        Assert.Empty(await LocksAsync(starting.Id));
        await TakeAsync(name, "Exclusive", 6);
    }

    private static LockRow Lock(string name, RunRow run, string mode, long token) => new(name, run.Id, run.OpenAttempt!.Value, mode, token, Start);

    private async Task<IReadOnlyList<LockRow>> LocksAsync(RunId run) => [.. (await Ledger.ReadLocksAsync(Token)).Where(held => held.Run == run)];

    private async Task<RunRow> TakeAsync(string name, string mode, long token, params string[] others)
    {
        var queued = Accepted() with { Demand = """{"locks":[]}""" };
        await CommitAsync(new LedgerAppend { Run = queued });
        var starting = queued.To(RunStatus.Starting);
        await CommitAsync(Step(queued, starting) with { Locks = [Lock(name, starting, mode, token), .. others.Select(other => Lock(other, starting, mode, token))] });
        return starting;
    }
}
