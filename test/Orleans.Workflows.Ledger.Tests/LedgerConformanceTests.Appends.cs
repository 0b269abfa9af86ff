using System.Text;
using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>All or nothing, alone and in company.</summary>
public abstract partial class LedgerConformanceTests
{
    [Fact]
    public async Task A_conflict_writes_nothing_at_all()
    {
        var run = await ReachAsync(RunStatus.Running);
        var before = await Fixture.CountsAsync();
        foreach (var version in new[] { run.Version, run.Version + 2, 2 })
        {
            var stale = Full(run) with { Run = run.To(RunStatus.Running) with { Version = version } };
            Assert.Equal(AppendStatus.VersionConflict, (await Ledger.AppendAsync(stale, Token)).Status);
        }

        var again = Full(run) with { Run = Accepted(id: run.Id), Attempt = null, Idempotency = Key(run.Id, $"again-{run.Id}") };
        Assert.Equal(AppendStatus.VersionConflict, (await Ledger.AppendAsync(again, Token)).Status);
        var opening = new LedgerAppend { Run = run.To(RunStatus.Running) with { Version = 2 }, NewAttempt = true, Attempt = Attempt(run.Id, 9) };
        Assert.Equal(AppendStatus.VersionConflict, (await Ledger.AppendAsync(opening, Token)).Status);
        var unknown = Accepted().To(RunStatus.Queued);
        Assert.Equal(AppendStatus.VersionConflict, (await Ledger.AppendAsync(new LedgerAppend { Run = unknown, Audit = [Audit(unknown.Id)] }, Token)).Status);
        Assert.Equal(before, await Fixture.CountsAsync());
    }

    [Fact]
    public async Task A_refused_append_writes_nothing_at_all()
    {
        var run = await ReachAsync(RunStatus.Running);
        var before = await Fixture.CountsAsync();
        var refused = await Ledger.AppendAsync(Full(run) with { Run = run.To(RunStatus.Scheduled) with { OpenAttempt = run.OpenAttempt } }, Token);
        Assert.Equal(AppendStatus.Rejected, refused.Status);
        Assert.Contains("illegal_transition", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, await Fixture.CountsAsync());
    }

    [Fact]
    public async Task Of_a_hundred_appends_at_once_the_poisoned_ones_fail_alone()
    {
        var runs = new List<RunRow>();
        foreach (var _ in Enumerable.Range(0, 100))
        {
            runs.Add(Accepted());
        }

        await Task.WhenAll(runs.Select(run => CommitAsync(new LedgerAppend { Run = run })));
        var results = await Task.WhenAll(runs.Select((run, i) => Ledger.AppendAsync(
            new LedgerAppend { Run = run.To(i is 17 or 63 ? RunStatus.Completed : RunStatus.Waiting), Audit = [Audit(run.Id)] }, Token)));
        for (var i = 0; i < results.Length; i++)
        {
            Assert.Equal(i is 17 or 63 ? AppendStatus.Rejected : AppendStatus.Committed, results[i].Status);
            Assert.Equal(i is 17 or 63 ? 0 : 1, (await Ledger.ReadAuditAsync(runs[i].Id, Token)).Count);
        }
    }

    [Fact]
    public async Task The_same_key_names_the_same_run_for_ever_and_each_caller_has_its_own()
    {
        var key = $"k-{Guid.NewGuid()}";
        var first = Accepted();
        await CommitAsync(new LedgerAppend { Run = first, Idempotency = Key(first.Id, key) });
        var before = await Fixture.CountsAsync();
        var second = Accepted();
        var replay = await Ledger.AppendAsync(new LedgerAppend { Run = second, Idempotency = Key(second.Id, key) with { RequestHash = [9] }, Audit = [Audit(second.Id)] }, Token);

        Assert.Equal(AppendStatus.KeyClaimed, replay.Status);
        Assert.Equal(first.Id, replay.Existing!.Run);
        Assert.Equal([1, 2, 3], replay.Existing.RequestHash);
        Assert.Equal(before, await Fixture.CountsAsync());
        var other = Accepted();
        await CommitAsync(new LedgerAppend { Run = other, Idempotency = Key(other.Id, key) with { Caller = "bob" } });
    }

    [Fact]
    public async Task Of_many_starts_with_one_key_at_once_exactly_one_is_accepted()
    {
        var key = $"race-{Guid.NewGuid()}";
        var runs = Enumerable.Range(0, 50).Select(_ => Accepted()).ToList();
        var results = await Task.WhenAll(runs.Select(run => Ledger.AppendAsync(new LedgerAppend { Run = run, Idempotency = Key(run.Id, key) }, Token)));
        var winner = runs[Array.FindIndex(results, result => result.IsCommitted)];
        Assert.Single(results, result => result.IsCommitted);
        Assert.All(results.Where(result => !result.IsCommitted), result => Assert.Equal((AppendStatus.KeyClaimed, winner.Id), (result.Status, result.Existing!.Run)));
    }

    [Fact]
    public async Task A_session_has_one_run_that_is_not_over()
    {
        var first = await AcceptAsync();
        var second = Accepted() with { SessionId = first.SessionId, ContinuedFrom = first.Id };
        var before = await Fixture.CountsAsync();
        var busy = await Ledger.AppendAsync(new LedgerAppend { Run = second, Idempotency = Key(second.Id, $"s-{second.Id}"), Audit = [Audit(second.Id)] }, Token);
        Assert.Equal(AppendStatus.SessionBusy, busy.Status);
        Assert.Equal(before, await Fixture.CountsAsync());
        await CommitAsync(new LedgerAppend { Run = first.To(RunStatus.Canceled) });

        var next = Enumerable.Range(0, 20).Select(_ => Accepted() with { SessionId = first.SessionId }).ToList();
        var results = await Task.WhenAll(next.Select(run => Ledger.AppendAsync(new LedgerAppend { Run = run }, Token)));
        Assert.Single(results, result => result.IsCommitted);
        Assert.All(results.Where(result => !result.IsCommitted), result => Assert.Equal(AppendStatus.SessionBusy, result.Status));
    }

    [Fact]
    public async Task A_claim_under_an_older_admission_epoch_writes_nothing()
    {
        var run = await AcceptAsync();
        var epoch = await Ledger.AdvanceAdmissionEpochAsync(Token);
        var newer = await Ledger.AdvanceAdmissionEpochAsync(Token);
        Assert.Equal(epoch + 1, newer);
        var before = await Fixture.CountsAsync();
        var starting = run.To(RunStatus.Starting);
        Assert.Equal(AppendStatus.StaleEpoch, (await Ledger.AppendAsync(Step(run, starting) with { AdmissionEpoch = epoch }, Token)).Status);
        Assert.Equal(AppendStatus.StaleEpoch, (await Ledger.AppendAsync(Step(run, starting) with { AdmissionEpoch = newer + 1 }, Token)).Status);
        Assert.Equal(before, await Fixture.CountsAsync());
        await CommitAsync(Step(run, starting) with { AdmissionEpoch = newer });
        Assert.Contains(await Ledger.ReadOpenAttemptsAsync(Token), open => open == new Reading.OpenAttemptRow(run.Id, 1, "node-1", "default", Start));
    }

    [Fact]
    public async Task While_claims_and_epochs_race_no_claim_of_an_older_epoch_lands_after_a_newer_one()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => AcceptAsync()));
        var epoch = await Ledger.AdvanceAdmissionEpochAsync(Token);
        var claims = runs.Select(async run => (Run: run, Result: await Ledger.AppendAsync(Step(run, run.To(RunStatus.Starting)) with { AdmissionEpoch = epoch }, Token))).ToList();
        await Ledger.AdvanceAdmissionEpochAsync(Token);

        // What a new activation reads right after its bump must be all that older claims ever took.
        var occupied = (await Ledger.ReadOpenAttemptsAsync(Token)).Select(open => open.Run).ToHashSet();
        var results = await Task.WhenAll(claims);
        Assert.All(results, claim => Assert.Equal(occupied.Contains(claim.Run.Id), claim.Result.IsCommitted));
        Assert.All(results.Where(claim => !claim.Result.IsCommitted), claim => Assert.Equal(AppendStatus.StaleEpoch, claim.Result.Status));
    }

    [Fact]
    public async Task Two_hundred_appenders_at_once_lose_nothing()
    {
        const int Steps = 10;
        var ids = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var run = await AcceptAsync();
            for (var step = 1; step <= Steps; step++)
            {
                run = run.To(RunStatus.Queued) with { LastEventSeq = step };
                await CommitAsync(new LedgerAppend { Run = run, Events = Events(run.Id, step, 1), Audit = [Audit(run.Id, $"step-{step}")] });
            }

            return run;
        }));
        foreach (var run in ids)
        {
            AssertSame(run, await Ledger.ReadRunAsync(run.Id, Token));
            Assert.Equal(Enumerable.Range(1, Steps).Select(n => (long)n), (await Ledger.ReadEventsAsync(run.Id, 0, 100, Token)).Select(e => e.FirstSeq));
            Assert.Equal(Enumerable.Range(1, Steps).Select(n => $"step-{n}"), (await Ledger.ReadAuditAsync(run.Id, Token)).Select(a => a.Action));
        }
    }

    [Fact]
    public async Task Appends_of_one_run_handed_in_together_are_committed_in_order()
    {
        var run = await AcceptAsync();
        var steps = new List<RunRow>();
        for (var i = 0; i < 30; i++)
        {
            steps.Add(run = run.To(RunStatus.Queued));
        }

        var results = await Task.WhenAll(steps.Select(step => Ledger.AppendAsync(new LedgerAppend { Run = step }, Token)));
        Assert.All(results, result => Assert.True(result.IsCommitted));
        Assert.Equal(31, (await Ledger.ReadRunAsync(run.Id, Token))!.Version);
    }

    [Fact]
    public async Task Text_with_U_0000_and_half_surrogates_is_kept_escaped()
    {
        var run = Accepted() with { Caller = "a\0b", Spec = "{\"x\":\"\uD800\"}", Labels = new Dictionary<string, string> { ["l\0"] = "v\0" } };
        await CommitAsync(new LedgerAppend { Run = run, Audit = [Audit(run.Id, "a\0")], Idempotency = Key(run.Id, $"z\0{run.Id}") with { Caller = "a\0b" } });
        var read = await Ledger.ReadRunAsync(run.Id, Token);
        Assert.Equal(("a\\u0000b", "{\"x\":\"\uFFFD\"}"), (read!.Caller, read.Spec));
        Assert.Equal(run.Id, (await Ledger.ReadIdempotencyAsync("a\0b", $"z\0{run.Id}", Token))!.Run);
        foreach (var bytes in new[] { "[{\"type\":\"\0\"}]"u8.ToArray(), [0x5b, 0xff, 0x5d] })
        {
            var raw = new EventBatchRow(run.Id, 1, 1, Start, null, bytes);
            Assert.Equal(AppendStatus.Rejected, (await Ledger.AppendAsync(new LedgerAppend { Run = run.To(RunStatus.Queued), Events = raw }, Token)).Status);
        }
    }

    [Fact]
    public async Task Raw_output_keeps_every_byte()
    {
        var run = await ReachAsync(RunStatus.Running);
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var long_ = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("""{"type":"text","text":"ä"}""" + "\n", 40_000)));
        await CommitAsync(new LedgerAppend { Run = run.To(RunStatus.Running), Transcript = [new(run.Id, 1, OutputStream.Stderr, 0, bytes), new(run.Id, 1, OutputStream.Stderr, 256, long_)] });
        var read = new List<byte>();
        await foreach (var chunk in Ledger.ReadTranscriptAsync(run.Id, 1, OutputStream.Stderr, 0, Token))
        {
            read.AddRange(chunk.Bytes.Span);
        }

        Assert.Equal([.. bytes, .. long_], read);
    }

    private static LedgerAppend Full(RunRow run) => new()
    {
        Run = run.To(RunStatus.Running) with { LastEventSeq = run.LastEventSeq + 2 },
        Attempt = Attempt(run.Id) with { StdoutOffset = 10 },
        Events = Events(run.Id, run.LastEventSeq + 1, 2),
        Usage = [Spent(run.Id, "m", 1)],
        Transcript = [Chunk(run.Id, 0, "0123456789")],
        Commands = [Command(run.Id)],
        Audit = [Audit(run.Id)],
    };
}
