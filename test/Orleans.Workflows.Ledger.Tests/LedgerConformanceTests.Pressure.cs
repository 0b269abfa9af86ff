using CsCheck;
using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Runs;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>Slow databases, and random histories against a model.</summary>
public abstract partial class LedgerConformanceTests
{
    [Fact]
    public async Task While_the_database_hangs_only_the_bound_is_taken_in_and_cancelled_waits_write_nothing()
    {
        await using var own = await OwnAsync();
        await using var ledger = await own.OpenAsync(options => (options.MaxPending, options.Node) = (8, "slow"));
        await using var connection = await own.ConnectAsync();
        var runs = Enumerable.Range(0, 30).Select(_ => Accepted()).ToList();
        using var cancel = new CancellationTokenSource();
        List<Task<AppendResult>> appends;
        await using (var hold = connection.CreateCommand())
        {
            hold.CommandText = IsSqlite ? "begin immediate" : "begin; lock table runs in exclusive mode";
            await hold.ExecuteNonQueryAsync(Token);
            appends = [.. runs.Select(run => ledger.AppendAsync(new LedgerAppend { Run = run }, cancel.Token))];
            await cancel.CancelAsync();
            Assert.All(appends.Skip(8), append => Assert.True(append.IsCanceled || append.Exception is null));
            hold.CommandText = "commit";
            await hold.ExecuteNonQueryAsync(Token);
        }

        Assert.All(await Task.WhenAll(appends.Take(8)), result => Assert.True(result.IsCommitted));
        foreach (var append in appends.Skip(8))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
        }

        Assert.Equal("8", await own.ScalarAsync("select count(*) from runs"));
    }

    [Fact]
    public async Task Random_histories_end_as_the_model_says()
    {
        var step = Gen.Select(Gen.Enum<RunStatus>(), Gen.Int[-1, 1], Gen.Bool, Gen.Int[0, 3]);
        await step.Array[1, 12].SampleAsync(
            async steps =>
            {
                var model = Accepted();
                var (audits, events) = (0, 0L);
                await CommitAsync(new LedgerAppend { Run = model });
                foreach (var (status, skew, audit, count) in steps)
                {
                    var next = model.To(status) with { Version = model.Version + 1 + skew, LastEventSeq = events + count };
                    var append = Step(model, next) with { Audit = audit ? [Audit(model.Id)] : [], Events = count > 0 ? Events(model.Id, events + 1, count) : null };
                    var expected = next.Version == 1 || skew != 0 ? AppendStatus.VersionConflict
                        : RunTransitions.IsLegal(model.Status, status) ? AppendStatus.Committed : AppendStatus.Rejected;
                    var result = await Ledger.AppendAsync(append, Token);
                    Assert.Equal(expected, result.Status);
                    if (result.IsCommitted)
                    {
                        (model, audits, events) = (next, audits + (audit ? 1 : 0), events + count);
                    }
                }

                AssertSame(model, await Ledger.ReadRunAsync(model.Id, Token));
                Assert.Equal(audits, (await Ledger.ReadAuditAsync(model.Id, Token)).Count);
                Assert.Equal(events, (await Ledger.ReadEventsAsync(model.Id, 0, 1_000, Token)).Sum(batch => batch.Count));
                Assert.Equal(model.OpenAttempt is null ? 0 : 1, (await Ledger.ReadOpenAttemptsAsync(Token)).Count(open => open.Run == model.Id));
                Assert.Equal(model.Epoch, (await Ledger.ReadAttemptsAsync(model.Id, Token)).Count);
            },
            iter: 60, threads: 4);
    }
}
