using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>Batches: one writer wins each version, one batch a key, and what was counted stays so.</summary>
public abstract partial class LedgerConformanceTests
{
    [Fact]
    public async Task A_batch_reads_back_as_it_was_put_until_it_has_ended()
    {
        var first = Batch() with { Reason = "why\0", IdempotencyKey = $"k-{Guid.NewGuid()}" };
        Assert.True(await Ledger.PutBatchAsync(first, Token));
        first = first with { Reason = "why\\u0000" };
        Assert.Equal(first, await Ledger.ReadBatchAsync(first.Id, Token));
        Assert.Equal(first, await Ledger.ReadBatchAsync(first.Caller, first.IdempotencyKey!, Token));
        Assert.Contains(first.Id, await Ledger.ReadOpenBatchesAsync(Token));

        var second = first with
        {
            Version = 2, MoreAfter = Guid.CreateVersion7(), Pending = "[1]", Matched = 3_000_000_000, Done = 1, Skipped = 2, Failed = 3, Failures = "[2]", UpdatedAt = Start.AddMicroseconds(1),
        };
        Assert.True(await Ledger.PutBatchAsync(second, Token));
        Assert.Equal(second, await Ledger.ReadBatchAsync(first.Id, Token));
        Assert.Equal(second with { Failures = "[]" }, (await Ledger.ReadBatchesAsync(null, 500, Token)).Single(row => row.Id == first.Id));

        var ended = second with { Version = 3, Status = "Canceled", MoreAfter = null, Pending = "[]", EndedAt = Start.AddHours(1), CanceledBy = "bob" };
        Assert.True(await Ledger.PutBatchAsync(ended, Token));
        Assert.False(await Ledger.PutBatchAsync(ended with { Version = 4 }, Token));
        Assert.Equal(ended, await Ledger.ReadBatchAsync(first.Id, Token));
        Assert.DoesNotContain(first.Id, await Ledger.ReadOpenBatchesAsync(Token));
        Assert.Null(await Ledger.ReadBatchAsync(Guid.NewGuid(), Token));
        Assert.Null(await Ledger.ReadBatchAsync("nobody", first.IdempotencyKey!, Token));
    }

    [Fact]
    public async Task Of_two_writers_of_a_batch_s_version_or_key_one_wins()
    {
        var first = Batch() with { IdempotencyKey = $"k-{Guid.NewGuid()}" };
        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Ledger.PutBatchAsync(first with { Id = Guid.CreateVersion7() }, Token)));
        Assert.Single(created, won => won);
        var stands = (await Ledger.ReadBatchAsync(first.Caller, first.IdempotencyKey!, Token))!;
        var changed = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Ledger.PutBatchAsync(stands with { Version = 2, Done = n }, Token)));
        Assert.Single(changed, won => won);
        Assert.False(await Ledger.PutBatchAsync(stands with { IdempotencyKey = null }, Token));
        Assert.True(await Ledger.PutBatchAsync(first with { Id = Guid.CreateVersion7(), Caller = "another" }, Token));
    }

    [Fact]
    public async Task Batches_are_listed_page_by_page_the_last_first()
    {
        var rows = Enumerable.Range(0, 5).Select(n => Batch() with { Id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddYears(200).AddMinutes(n)) }).ToArray();
        foreach (var row in rows)
        {
            Assert.True(await Ledger.PutBatchAsync(row, Token));
        }

        var page = await Ledger.ReadBatchesAsync(null, 3, Token);
        Assert.Equal(rows.Reverse().Take(3), page);
        Assert.Equal(rows.Take(2).Reverse(), await Ledger.ReadBatchesAsync(page[^1].Id, 2, Token));
    }

    [Fact]
    public async Task By_hand_a_batch_does_not_go_back_and_only_retention_deletes_what_has_ended()
    {
        var row = Batch() with { Done = 5 };
        await Ledger.PutBatchAsync(row, Token);
        var name = $"where id = '{row.Id}'";
        foreach (var change in new[] { "version = version", "version = version + 2", "version = version + 1, done = 4" })
        {
            Assert.Contains("batch_goes_forward", await Fixture.RefusedAsync($"update batches set {change} {name}"), StringComparison.Ordinal);
        }

        Assert.Contains("identity_is_written_once", await Fixture.RefusedAsync($"update batches set version = version + 1, filter = 'all' {name}"), StringComparison.Ordinal);
        Assert.Contains("only_retention_deletes", await Fixture.RefusedAsync($"delete from batches {name}"), StringComparison.Ordinal);
        await Fixture.RefusedAsync($"update batches set version = version + 1, status = 'Completed' {name}");

        await Ledger.PutBatchAsync(row with { Version = 2, Status = "Completed", EndedAt = Start }, Token);
        Assert.Contains("batch_goes_forward", await Fixture.RefusedAsync($"update batches set version = version + 1 {name}"), StringComparison.Ordinal);
        Assert.Contains("only_retention_deletes", await Fixture.RefusedAsync($"delete from batches {name}"), StringComparison.Ordinal);
        await Ledger.DeleteBatchesAsync(Start, Token);
        Assert.NotNull(await Ledger.ReadBatchAsync(row.Id, Token));
        Assert.True(await Ledger.DeleteBatchesAsync(Start.AddMicroseconds(1), Token) >= 1);
        Assert.Null(await Ledger.ReadBatchAsync(row.Id, Token));
        Assert.Equal(0, await Ledger.DeleteBatchesAsync(Start.AddYears(-100), Token));
    }

    [Fact]
    public async Task A_list_goes_on_behind_a_run()
    {
        var queue = $"after-{Guid.NewGuid():N}";
        var runs = new List<RunId>();
        for (var i = 0; i < 4; i++)
        {
            var run = Accepted() with { Queue = queue };
            await CommitAsync(new LedgerAppend { Run = run });
            runs.Add(run.Id);
        }

        runs.Sort();
        var query = new RunQuery(new RunFilter { Queue = queue, Statuses = [RunStatus.Queued] }) { Descending = false, Limit = 2, After = runs[0] };
        var page = await Ledger.ListRunsAsync(query, Token);
        Assert.Equal((runs[1], runs[2], 3), (page.Runs[0].Id, page.Runs[1].Id, (int)page.Total!));
        Assert.NotNull(page.Next);
        page = await Ledger.ListRunsAsync(query with { After = runs[2] }, Token);
        Assert.Equal((runs[3], null), (Assert.Single(page.Runs).Id, page.Next));
    }

    private static BatchRow Batch() => new()
    {
        Id = Guid.CreateVersion7(),
        Version = 1,
        Operation = "Cancel",
        Filter = "{}",
        Caller = "alice",
        CorrelationId = "c",
        Status = "Running",
        Pending = "[]",
        Failures = "[]",
        CreatedAt = Start,
        UpdatedAt = Start,
    };
}
