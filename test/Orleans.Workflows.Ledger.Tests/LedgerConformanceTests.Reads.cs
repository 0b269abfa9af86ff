using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>Lists, scans, pulls, and the one path that deletes.</summary>
public abstract partial class LedgerConformanceTests
{
    [Theory]
    [InlineData(RunSort.Created, true)]
    [InlineData(RunSort.Created, false)]
    [InlineData(RunSort.Duration, true)]
    [InlineData(RunSort.Duration, false)]
    [InlineData(RunSort.Cost, true)]
    [InlineData(RunSort.Cost, false)]
    public async Task Pages_hold_every_run_once_in_order_with_unknown_last(RunSort sort, bool descending)
    {
        var queue = $"list-{Guid.NewGuid()}";
        var expected = new List<(RunId Id, decimal? Key)>();
        decimal?[] values = [3, null, 10.5m, 0.25m, 3, null, 7];
        foreach (var value in values)
        {
            var run = Accepted() with { Queue = queue };
            await CommitAsync(new LedgerAppend { Run = run });
            if (value is { } known)
            {
                var ended = run.To(RunStatus.Failed) with { StartedAt = Start, EndedAt = Start.AddSeconds((double)known), Usage = new TokenUsage { CostUsd = known } };
                await CommitAsync(new LedgerAppend { Run = ended });
            }

            expected.Add((run.Id, sort == RunSort.Created ? 0 : value));
        }

        var ordered = expected.OrderBy(e => e.Key is null);
        var wanted = descending
            ? ordered.ThenByDescending(e => e.Key).ThenByDescending(e => e.Id).Select(e => e.Id)
            : ordered.ThenBy(e => e.Key).ThenBy(e => e.Id).Select(e => e.Id);
        var query = new RunQuery { Queue = queue, Sort = sort, Descending = descending, Limit = 2 };
        var seen = new List<RunId>();
        for (RunPage? page = null; page?.Next is not null || page is null;)
        {
            page = await Ledger.ListRunsAsync(query with { Cursor = page?.Next }, Token);
            Assert.Equal(values.Length, page.Total);
            seen.AddRange(page.Runs.Select(run => run.Id));
        }

        Assert.Equal(wanted, seen);
    }

    [Fact]
    public async Task Every_filter_finds_its_run_and_only_it()
    {
        var mark = Guid.NewGuid().ToString("N");
        var run = Accepted() with
        {
            Workflow = mark, Queue = mark, Caller = mark, CreatedAt = Start.AddYears(-3),
            Labels = new Dictionary<string, string> { ["m"] = mark, ["n"] = "1" },
        };
        await CommitAsync(new LedgerAppend { Run = run });
        await CommitAsync(new LedgerAppend { Run = run = run.To(RunStatus.Failed) with { Branch = mark, Node = mark, Reason = new Reason(mark, "x") } });
        await AcceptAsync();
        RunQuery[] finding =
        [
            new() { Workflow = mark }, new() { Queue = mark }, new() { Caller = mark }, new() { SessionId = run.SessionId }, new() { Branch = mark },
            new() { ReasonCode = mark }, new() { Node = mark }, new() { Queue = mark, Leaked = false }, new() { Labels = run.Labels }, new() { CreatedTo = Start.AddYears(-2) },
            new() { Statuses = [RunStatus.Failed, RunStatus.Queued], Queue = mark }, new() { CreatedFrom = run.CreatedAt, Caller = mark },
        ];
        foreach (var query in finding)
        {
            var page = await Ledger.ListRunsAsync(query, Token);
            Assert.Equal((run.Id, 1L), (Assert.Single(page.Runs).Id, page.Total!.Value));
        }

        RunQuery[] missing =
        [
            new() { Queue = mark, Statuses = [RunStatus.Queued] }, new() { Queue = mark, CreatedTo = run.CreatedAt },
            new() { Labels = new Dictionary<string, string> { ["m"] = mark, ["n"] = "2" } }, new() { Queue = mark, Caller = "alice" }, new() { Queue = mark, Node = "elsewhere" }, new() { Queue = mark, Leaked = true },
        ];
        foreach (var query in missing)
        {
            Assert.Empty((await Ledger.ListRunsAsync(query, Token)).Runs);
        }
    }

    [Theory]
    [InlineData("nonsense!")]
    [InlineData("")]
    [InlineData("MXxhfGJ8Yw")]
    public async Task A_bad_cursor_is_refused_in_words(string cursor)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => Ledger.ListRunsAsync(new RunQuery { Cursor = cursor }, Token));
        Assert.Contains("cursor", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_of_another_query_and_a_bad_limit_are_refused()
    {
        await AcceptAsync();
        await AcceptAsync();
        var page = await Ledger.ListRunsAsync(new RunQuery { Limit = 1, WithTotal = false }, Token);
        Assert.Null(page.Total);
        await Assert.ThrowsAsync<ArgumentException>(() => Ledger.ListRunsAsync(new RunQuery { Cursor = page.Next, Queue = "other" }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Ledger.ListRunsAsync(new RunQuery { Limit = 0 }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Ledger.ListRunsAsync(new RunQuery { Limit = 501 }, Token));
    }

    [Fact]
    public async Task Queued_and_due_runs_come_in_their_order()
    {
        var queue = $"q-{Guid.NewGuid()}";
        var runs = new List<RunRow>();
        foreach (var second in new[] { 3, 1, 2, 1 })
        {
            var run = Accepted() with { Queue = queue, QueuedAt = Start.AddSeconds(second), NextDeadline = Start.AddYears(-10).AddSeconds(second) };
            await CommitAsync(new LedgerAppend { Run = run });
            runs.Add(run);
        }

        var waiting = new List<QueuedRunRow>();
        for (QueuedRunRow? after = null; ;)
        {
            var page = await Ledger.ReadQueuedAsync(after, 3, Token);
            waiting.AddRange(page.Where(row => row.Queue == queue));
            if (page.Count < 3)
            {
                break;
            }

            after = page[^1];
        }

        Assert.Equal(runs.OrderBy(run => run.QueuedAt).ThenBy(run => run.Id).Select(run => run.Id), waiting.Select(row => row.Run));
        Assert.Equal(runs[1].NextDeadline, waiting.First(row => row.Run == runs[1].Id).NextDeadline);
        var due = await Ledger.ReadDueAsync(Start.AddYears(-10).AddSeconds(2), 100, Token);
        Assert.Equal([1, 1, 2], due.Where(row => runs.Exists(run => run.Id == row.Run)).Select(row => row.Deadline.Second - Start.Second));
    }

    [Fact]
    public async Task A_node_is_declared_lost_by_its_first_word_of_the_process_that_was_seen_once_its_lease_is_over()
    {
        var node = new NodeRow("n2", "127.0.0.1:1", 4, Start, Start.AddMinutes(1));
        var loss = new NodeLossRow("n2", Start, Start.AddMinutes(1), "ann", "it burnt", "c");
        Assert.True(await Ledger.PutNodeAsync(node, Token));
        await Ledger.DeclareNodeLostAsync(loss with { At = node.LeaseUntil.AddSeconds(-1) }, Token);
        await Ledger.DeclareNodeLostAsync(loss with { StartedAt = Start.AddSeconds(-1) }, Token);
        await Ledger.DeclareNodeLostAsync(loss with { Node = "n3" }, Token);
        Assert.Equal(node, await ReadAsync());

        await Ledger.DeclareNodeLostAsync(loss, Token);
        await Ledger.DeclareNodeLostAsync(loss with { Caller = "bob", At = Start.AddMinutes(2) }, Token);
        Assert.Equal(node with { Loss = loss }, await ReadAsync());

        // It lives after all: it is told, and its lease stays over.
        Assert.False(await Ledger.PutNodeAsync(node with { LeaseUntil = Start.AddMinutes(5) }, Token));
        Assert.Equal(node with { Loss = loss }, await ReadAsync());
        Assert.Contains("append_only", await Fixture.RefusedAsync("update node_losses set caller = 'eve'"), StringComparison.Ordinal);
        Assert.Contains("append_only", await Fixture.RefusedAsync("delete from node_losses"), StringComparison.Ordinal);

        var back = node with { StartedAt = Start.AddMinutes(9), LeaseUntil = Start.AddMinutes(10) };
        Assert.True(await Ledger.PutNodeAsync(back, Token));
        Assert.Equal(back, await ReadAsync());

        async Task<NodeRow> ReadAsync() => (await Ledger.ReadNodesAsync(Token)).Single(row => row.Node == "n2");
    }

    [Fact]
    public async Task Nodes_and_definitions_are_kept()
    {
        var node = new NodeRow("n1", "127.0.0.1:1", 4, Start, Start.AddMinutes(1));
        await Ledger.PutNodeAsync(node with { Slots = 1 }, Token);
        await Ledger.PutNodeAsync(node, Token);
        Assert.Equal(node, (await Ledger.ReadNodesAsync(Token)).Single(row => row.Node == "n1"));
        var definition = new DefinitionRow("h1", null, "content", Start);
        await Ledger.PutDefinitionAsync(definition, Token);
        await Ledger.PutDefinitionAsync(definition with { Content = "other" }, Token);
        Assert.Equal(definition, await Ledger.ReadDefinitionAsync("h1", Token));
        Assert.Null(await Ledger.ReadDefinitionAsync("h2", Token));
        await Ledger.PingAsync(Token);
    }

    [Fact]
    public async Task A_puller_of_ended_runs_misses_none_while_two_lanes_write()
    {
        var checkpoint = new Dictionary<int, long>();
        var seen = new List<RunId>();
        async Task PullAsync()
        {
            foreach (var ended in await Ledger.ReadEndedAsync(checkpoint, 7, Token))
            {
                Assert.True(ended.WriterSeq > checkpoint.GetValueOrDefault(ended.Writer));
                checkpoint[ended.Writer] = ended.WriterSeq;
                seen.Add(ended.Run);
            }
        }

        var writing = Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            var ids = new List<RunId>();
            for (var i = 0; i < 5; i++)
            {
                var run = await AcceptAsync();
                await CommitAsync(new LedgerAppend { Run = run.To(RunStatus.Failed) with { Epoch = 3, Turns = 2, ApiMs = 5, Usage = new TokenUsage { CostUsd = 0.1m } } });
                ids.Add(run.Id);
            }

            return ids;
        }));
        while (!writing.IsCompleted)
        {
            await PullAsync();
        }

        var written = (await writing).SelectMany(ids => ids).ToHashSet();
        for (var before = -1; before != seen.Count;)
        {
            before = seen.Count;
            await PullAsync();
        }

        Assert.Equal(written.Count, seen.Count(written.Contains));
        Assert.Equal(seen.Count, seen.Distinct().Count());
        var last = (await Ledger.ReadEndedAsync(new Dictionary<int, long>(), 10_000, Token)).Single(ended => ended.Run == written.First());
        Assert.Equal((RunStatus.Failed, 3, 2, 5L, 0.1m), (last.Status, last.Attempts, last.Turns!.Value, last.ApiMs!.Value, last.Usage.CostUsd!.Value));
    }

    [Fact]
    public async Task Retention_deletes_ended_runs_with_all_their_rows_and_nothing_else()
    {
        await using var own = await OwnAsync();
        var ledger = own.Ledger;
        async Task<RunRow> StartAsync()
        {
            var run = Accepted() with { Labels = new Dictionary<string, string> { ["a"] = "b" } };
            Assert.True((await ledger.AppendAsync(new LedgerAppend { Run = run, Idempotency = Key(run.Id, $"d-{run.Id}"), Audit = [Audit(run.Id)] }, Token)).IsCommitted);
            var starting = run.To(RunStatus.Starting);
            Assert.True((await ledger.AppendAsync(Step(run, starting), Token)).IsCommitted);
            return starting;
        }

        async Task<RunRow> EndAsync(DateTimeOffset endedAt, DateTimeOffset until)
        {
            var starting = await StartAsync();
            var ended = starting.To(RunStatus.Completed) with { EndedAt = endedAt, ContinueUntil = until, LastEventSeq = 1 };
            var append = Step(starting, ended) with { Events = Events(starting.Id, 1, 1), Usage = [Spent(starting.Id, "m", 1)], Transcript = [Chunk(starting.Id, 0, "x")], Commands = [Command(starting.Id)] };
            Assert.True((await ledger.AppendAsync(append, Token)).IsCommitted);
            return ended;
        }

        var old = await EndAsync(Start, Start.AddHours(1));
        var young = await EndAsync(Start.AddYears(50), Start.AddYears(50));
        var continuable = await EndAsync(Start, Start.AddYears(50));
        var leaking = await StartAsync();
        Assert.True((await ledger.AppendAsync(new LedgerAppend { Run = leaking.To(RunStatus.Canceling), Attempt = Attempt(leaking.Id) with { Leaked = true } }, Token)).IsCommitted);
        Assert.Equal(leaking.Id, Assert.Single((await ledger.ListRunsAsync(new RunQuery { Leaked = true }, Token)).Runs).Id);
        Assert.Equal(3, (await ledger.ListRunsAsync(new RunQuery { Leaked = false }, Token)).Total);
        var open = Accepted();
        await ledger.AppendAsync(new LedgerAppend { Run = open }, Token);

        Assert.Equal(1, await ledger.DeleteRunsAsync(Start.AddDays(1), 100, Token));
        Assert.Equal(0, await ledger.DeleteRunsAsync(Start.AddDays(1), 100, Token));
        Assert.Null(await ledger.ReadRunAsync(old.Id, Token));
        foreach (var table in new[] { "run_labels", "attempts", "run_events", "usage_events", "transcripts", "commands", "audit_log" })
        {
            Assert.Equal("0", await own.ScalarAsync($"select count(*) from {table} where run_id = '{old.Id}'"));
            Assert.Equal("1", await own.ScalarAsync($"select count(*) from {table} where run_id = '{young.Id}'"));
        }

        // The claims ran out at the sample's keep-until, long before now.
        Assert.Equal("4", await own.ScalarAsync("select count(*) from idempotency_keys"));
        Assert.Equal(3, await ledger.DeleteKeysAsync(3, Token));
        Assert.Equal(1, await ledger.DeleteKeysAsync(3, Token));
        Assert.Equal(0, await ledger.DeleteKeysAsync(3, Token));
        Assert.Equal("0", await own.ScalarAsync("select count(*) from idempotency_keys"));
        Assert.Equal("4", await own.ScalarAsync("select count(*) from runs"));
        await own.RefusedAsync($"delete from runs where id = '{continuable.Id}'");
        await own.RefusedAsync($"delete from attempts where run_id = '{leaking.Id}'");
        if (IsSqlite)
        {
            Assert.Equal("0", await own.ScalarAsync("select count(*) from maintenance"));
        }
        else
        {
            await own.RefusedAsync($"set orleans_workflows.maintenance = 'other'; delete from runs where id = '{continuable.Id}'");
        }

        // Even on the marked path a run that is not over stays.
        await own.RefusedAsync(IsSqlite
            ? $"begin; insert into maintenance (name) values ('retention'); delete from runs where id = '{open.Id}'"
            : $"begin; set local orleans_workflows.maintenance = 'retention'; delete from runs where id = '{open.Id}'");
    }

    [Fact]
    public async Task Retention_keeps_a_run_that_another_continues_until_that_one_has_gone()
    {
        await using var own = await OwnAsync();
        var ledger = own.Ledger;
        async Task EndAsync(RunRow run, DateTimeOffset endedAt)
        {
            Assert.True((await ledger.AppendAsync(new LedgerAppend { Run = run }, Token)).IsCommitted);
            var starting = run.To(RunStatus.Starting);
            Assert.True((await ledger.AppendAsync(Step(run, starting), Token)).IsCommitted);
            Assert.True((await ledger.AppendAsync(Step(starting, starting.To(RunStatus.Completed) with { EndedAt = endedAt }), Token)).IsCommitted);
        }

        var first = Accepted();
        var next = Accepted() with { ContinuedFrom = first.Id, SessionId = first.SessionId };
        await EndAsync(first, Start);
        await EndAsync(next, Start.AddDays(2));
        Assert.Equal(0, await ledger.DeleteRunsAsync(Start.AddDays(1), 100, Token));
        Assert.NotNull(await ledger.ReadRunAsync(first.Id, Token));
        Assert.Equal(1, await ledger.DeleteRunsAsync(Start.AddDays(3), 100, Token));
        Assert.Equal(1, await ledger.DeleteRunsAsync(Start.AddDays(3), 100, Token));
        Assert.Null(await ledger.ReadRunAsync(first.Id, Token));
    }

    private async Task<LedgerFixture> OwnAsync()
    {
        LedgerFixture own = IsSqlite ? new SqliteLedgerFixture() : new PostgresLedgerFixture();
        await own.InitializeAsync();
        return own;
    }
}
