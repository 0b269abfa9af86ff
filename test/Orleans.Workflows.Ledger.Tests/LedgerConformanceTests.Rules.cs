using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>What the databases refuse, whoever asks.</summary>
public abstract partial class LedgerConformanceTests
{
    private static readonly RunStatus[] Statuses = Enum.GetValues<RunStatus>();

    public static TheoryData<RunStatus> AllStatuses => [.. Statuses];

    public static TheoryData<string> HistoryTables =>
        ["run_events", "usage_events", "transcripts", "commands", "idempotency_keys", "audit_log", "definitions", "run_labels", "attempts"];

    [Theory, MemberData(nameof(AllStatuses))]
    public async Task By_hand_a_run_moves_exactly_as_the_one_table_says(RunStatus from)
    {
        foreach (var to in Statuses)
        {
            var run = await ReachAsync(from);
            var next = run.To(to);
            if (next.OpenAttempt is { } opened && run.OpenAttempt is null)
            {
                await Fixture.ExecuteAsync(
                    $"""
                    insert into attempts (run_id, number, node, queue, claimed_at, stdout_offset, stderr_offset, parser_snapshot, leaked)
                    values ('{run.Id}', {opened}, 'n', 'q', '2026-01-02T03:04:05.000000Z', 0, 0, {(IsSqlite ? "x''" : "''")}, {(IsSqlite ? "0" : "false")})
                    """);
            }

            var sql =
                $"""
                update runs set version = version + 1, status = '{to}', open_attempt = {next.OpenAttempt?.ToString() ?? "null"}, epoch = {next.Epoch},
                  queued_at = '2026-01-02T03:04:05.000000Z',
                  {(to.IsTerminal()
                    ? "ended_at = '2026-01-02T03:04:05.000000Z', reason_code = 'x', next_deadline = null, writer = 999, writer_seq = 1"
                    : "ended_at = null, writer = null, writer_seq = null, next_deadline = '2026-01-02T03:04:05.000000Z'")}
                where id = '{run.Id}'
                """;
            var ends = run.OpenAttempt is not null && next.OpenAttempt is null;
            if (ends)
            {
                sql += $"; {EndAttempt(run.Id)}";
            }

            if (RunTransitions.IsLegal(from, to))
            {
                Assert.Equal(ends ? 2 : 1, await Fixture.ExecuteAsync(sql));
            }
            else
            {
                Assert.Contains(from.IsTerminal() ? "terminal_is_immutable" : "illegal_transition", await Fixture.RefusedAsync(sql), StringComparison.Ordinal);
            }
        }
    }

    [Theory, MemberData(nameof(AllStatuses))]
    public async Task Through_the_ledger_a_run_moves_exactly_as_the_one_table_says(RunStatus from)
    {
        foreach (var to in Statuses)
        {
            var run = await ReachAsync(from);
            var result = await Ledger.AppendAsync(Step(run, run.To(to)), Token);
            Assert.Equal(RunTransitions.IsLegal(from, to) ? AppendStatus.Committed : AppendStatus.Rejected, result.Status);
        }
    }

    [Theory, MemberData(nameof(AllStatuses))]
    public async Task A_run_is_accepted_only_in_an_initial_status(RunStatus status)
    {
        var run = Accepted().To(status) with { Version = 1, OpenAttempt = null };
        var before = await Fixture.CountsAsync();
        var result = await Ledger.AppendAsync(new LedgerAppend { Run = run, Audit = [Audit(run.Id)], Idempotency = Key(run.Id, $"i-{run.Id}") }, Token);
        if (RunTransitions.Initial.Contains(status))
        {
            Assert.Equal(AppendResult.Committed, result);
        }
        else
        {
            Assert.Equal(AppendStatus.Rejected, result.Status);
            Assert.Equal(before, await Fixture.CountsAsync());
        }
    }

    [Fact]
    public async Task No_column_of_a_terminal_run_can_be_changed_by_hand()
    {
        var run = await ReachAsync(RunStatus.Completed);
        foreach (var column in await Fixture.ColumnsAsync("runs"))
        {
            await Fixture.RefusedAsync($"update runs set {column} = {column} where id = '{run.Id}'");
        }

        await Fixture.RefusedAsync($"update runs set version = version + 1, result = 'x' where id = '{run.Id}'");
        await Fixture.RefusedAsync($"delete from runs where id = '{run.Id}'");
        AssertSame(run, await Ledger.ReadRunAsync(run.Id, Token));
    }

    [Fact]
    public async Task Nothing_can_be_inserted_over_a_standing_run()
    {
        var ended = await ReachAsync(RunStatus.Completed);
        var open = await AcceptAsync();
        var columns = await Fixture.ColumnsAsync("runs");
        string Copy(string changed) => $"select {string.Join(", ", columns.Select(column => changed.Contains($"{column}:") ? changed[(changed.IndexOf(':') + 1)..] : column))} from runs where id = '{open.Id}'";
        var list = string.Join(", ", columns);
        var fresh = Guid.CreateVersion7();
        if (IsSqlite)
        {
            Assert.Contains("runs_", await Fixture.RefusedAsync($"insert or replace into runs ({list}) {Copy($"id:'{ended.Id}'")}"), StringComparison.Ordinal);
            Assert.Contains("runs_", await Fixture.RefusedAsync($"replace into runs ({list}) {Copy($"id:'{open.Id}'")}"), StringComparison.Ordinal);
            // The session's unique index and the hidden row number would let REPLACE take another row away.
            Assert.Contains("runs_session", await Fixture.RefusedAsync($"insert or replace into runs ({list}) {Copy($"id:'{fresh}'")}"), StringComparison.Ordinal);
            Assert.Contains("runs_", await Fixture.RefusedAsync(
                $"insert or replace into runs (rowid, {list}) select (select rowid from runs where id = '{ended.Id}'), {Copy($"id:'{fresh}'")["select ".Length..]}"), StringComparison.Ordinal);
            await Fixture.RefusedAsync($"update or replace runs set version = version + 1, rowid = (select rowid from runs where id = '{ended.Id}') where id = '{open.Id}'");
            await Fixture.RefusedAsync($"update or replace runs set version = version + 1, id = '{ended.Id}' where id = '{open.Id}'");
        }

        await Fixture.RefusedAsync($"insert into runs ({list}) {Copy($"id:'{ended.Id}'")}");
        await Fixture.RefusedAsync($"insert into runs ({list}) {Copy($"id:'{ended.Id}'")} on conflict (id) do update set result = 'x', version = runs.version + 1");
        AssertSame(ended, await Ledger.ReadRunAsync(ended.Id, Token));
        AssertSame(open, await Ledger.ReadRunAsync(open.Id, Token));
    }

    [Fact]
    public async Task Every_identity_column_is_written_once()
    {
        var run = await AcceptAsync();
        foreach (var column in new[] { "id", "workflow", "definition_hash", "agent", "queue", "caller", "correlation_id", "trace_parent", "spec", "session_id", "continued_from", "created_at", "max_turns", "labels" })
        {
            Assert.Contains("identity_is_written_once", await Fixture.RefusedAsync($"update runs set version = version + 1, {column} = {column} where id = '{run.Id}'"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("version = version", "version_grows_by_one")]
    [InlineData("version = version + 2", "version_grows_by_one")]
    [InlineData("version = version - 1", "version_grows_by_one")]
    [InlineData("version = version + 1, epoch = epoch - 1", "counters_never_shrink")]
    [InlineData("version = version + 1, last_event_seq = -1", "counters_never_shrink")]
    [InlineData("version = version + 1, next_deadline = null", "runs_stuck")]
    [InlineData("version = version + 1, ended_at = created_at", "runs_terminal")]
    [InlineData("version = version + 1, open_attempt = null", "runs_open_attempt")]
    [InlineData("version = version + 1, open_attempt = 7", "open_attempt_exists")]
    [InlineData("version = version + 1, status = 'Nonsense'", "")]
    [InlineData("version = version + 1, status = 'Completed'", "runs_terminal")]
    [InlineData("version = version + 1, status = 'Completed', ended_at = created_at, reason_code = 'x', next_deadline = null, writer = 999, writer_seq = 1", "runs_terminal")]
    [InlineData("version = version + 1, status = 'Completed', ended_at = created_at, reason_code = null, open_attempt = null, next_deadline = null, writer = 999, writer_seq = 1", "runs_terminal")]
    [InlineData("version = version + 1, status = 'Completed', ended_at = created_at, reason_code = 'x', open_attempt = null, writer = 999, writer_seq = 1", "runs_terminal")]
    public async Task A_running_run_refuses(string change, string rule)
    {
        var run = await ReachAsync(RunStatus.Running);
        Assert.Contains(rule, await Fixture.RefusedAsync($"update runs set {change} where id = '{run.Id}'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_hand_a_run_does_not_let_go_of_an_attempt_that_stays_open()
    {
        var run = await ReachAsync(RunStatus.Running);
        var letGo = $"update runs set version = version + 1, status = 'Queued', queued_at = created_at, open_attempt = null where id = '{run.Id}'";
        if (!IsSqlite)
        {
            Assert.Contains("open_attempt_exists", await Fixture.RefusedAsync(letGo), StringComparison.Ordinal);
            Assert.Equal(2, await Fixture.ExecuteAsync($"{letGo}; {EndAttempt(run.Id)}"));
            return;
        }

        // No trigger of SQLite waits for the end of the transaction, so the run's next step is refused.
        Assert.Equal(1, await Fixture.ExecuteAsync(letGo));
        var next = $"update runs set version = version + 1, phase = 'x' where id = '{run.Id}'";
        Assert.Contains("open_attempt_exists", await Fixture.RefusedAsync(next), StringComparison.Ordinal);
        Assert.Equal(2, await Fixture.ExecuteAsync($"{EndAttempt(run.Id)}; {next}"));
    }

    [Fact]
    public async Task What_an_attempt_used_is_known_or_null_and_never_a_zero_that_stands_for_unknown()
    {
        var run = await ReachAsync(RunStatus.Running);
        Assert.Equal((null, null), Assert.Single(await Ledger.ReadAttemptsAsync(run.Id, Token)) is var open ? (open.PeakMemoryBytes, open.CpuMs) : default);
        foreach (var wrong in new[] { "peak_memory_bytes = 0", "peak_memory_bytes = -1", "cpu_ms = -1" })
        {
            Assert.Contains("check", await Fixture.RefusedAsync($"update attempts set {wrong} where run_id = '{run.Id}'"), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_run_without_deadline_says_what_it_waits_for()
    {
        var run = await ReachAsync(RunStatus.Waiting);
        var silent = run.To(RunStatus.Waiting) with { NextDeadline = null };
        Assert.Equal(AppendStatus.Rejected, (await Ledger.AppendAsync(new LedgerAppend { Run = silent }, Token)).Status);
        await CommitAsync(new LedgerAppend { Run = silent with { WaitsFor = "a person" } });
    }

    [Fact]
    public async Task An_attempt_opens_once_ends_once_and_its_offsets_never_shrink()
    {
        var run = await ReachAsync(RunStatus.Running);
        await CommitAsync(new LedgerAppend { Run = run = run.To(RunStatus.Running), Attempt = Attempt(run.Id) with { StdoutOffset = 10, StderrOffset = 10 } });
        foreach (var attempt in new[] { Attempt(run.Id) with { StdoutOffset = 9, StderrOffset = 10 }, Attempt(run.Id) with { StdoutOffset = 10, StderrOffset = 9 } })
        {
            var shrunk = await Ledger.AppendAsync(new LedgerAppend { Run = run.To(RunStatus.Running), Attempt = attempt }, Token);
            Assert.Equal(AppendStatus.Rejected, shrunk.Status);
            Assert.Contains("offsets_never_shrink", shrunk.Error, StringComparison.Ordinal);
        }

        var second = await Ledger.AppendAsync(new LedgerAppend { Run = run.To(RunStatus.Running), NewAttempt = true, Attempt = Attempt(run.Id, 2) }, Token);
        Assert.Equal(AppendStatus.Rejected, second.Status);
        var endedButNamed = await Ledger.AppendAsync(new LedgerAppend { Run = run.To(RunStatus.Running), Attempt = Attempt(run.Id) with { EndedAt = Start, StdoutOffset = 10, StderrOffset = 10 } }, Token);
        Assert.Contains("open_attempt_exists", endedButNamed.Error, StringComparison.Ordinal);

        var over = run.To(RunStatus.Queued);
        await CommitAsync(new LedgerAppend { Run = over, Attempt = Attempt(run.Id) with { EndedAt = Start, StdoutOffset = 10, StderrOffset = 10 } });
        Assert.DoesNotContain(await Ledger.ReadOpenAttemptsAsync(Token), open => open.Run == run.Id);
        foreach (var column in await Fixture.ColumnsAsync("attempts"))
        {
            await Fixture.RefusedAsync($"update attempts set {column} = {column} where run_id = '{run.Id}'");
        }

        if (IsSqlite)
        {
            await Fixture.RefusedAsync($"insert or replace into attempts select * from attempts where run_id = '{run.Id}'");
        }
    }

    [Theory, MemberData(nameof(HistoryTables))]
    public async Task History_refuses_update_delete_truncate_and_insert_over(string table)
    {
        await FillEveryTableAsync();
        var before = await Fixture.CountsAsync();
        await Fixture.RefusedAsync($"delete from {table}");
        foreach (var column in await Fixture.ColumnsAsync(table))
        {
            await Fixture.RefusedAsync($"update {table} set {column} = {column}");
        }

        if (IsSqlite)
        {
            await Fixture.RefusedAsync($"insert or replace into {table} select * from {table}");
            if (table is "run_events" or "transcripts")
            {
                var columns = await Fixture.ColumnsAsync(table);
                var key = table == "run_events" ? "last_seq" : "byte_offset";
                await Fixture.RefusedAsync($"insert or replace into {table} (rowid, {string.Join(", ", columns)}) select rowid, {string.Join(", ", columns.Select(c => c == key ? "1000000" : c))} from {table}");
            }
        }
        else
        {
            await Fixture.RefusedAsync($"truncate {table}");
        }

        Assert.Equal(before, await Fixture.CountsAsync());
    }

    [Fact]
    public async Task Runs_admission_and_writers_refuse_delete_and_truncate()
    {
        await ReachAsync(RunStatus.Completed);
        foreach (var table in new[] { "runs", "admission", "writers" })
        {
            await Fixture.RefusedAsync($"delete from {table}");
            if (!IsSqlite)
            {
                await Fixture.RefusedAsync($"truncate {table}");
            }
        }

        await Ledger.AdvanceAdmissionEpochAsync(Token);
        await Fixture.RefusedAsync("update admission set epoch = epoch - 1");
        await Fixture.RefusedAsync("update writers set last_seq = last_seq - 1");
    }

    [Fact]
    public async Task Usage_is_replaced_only_by_its_open_attempt()
    {
        var run = await ReachAsync(RunStatus.Running);
        await CommitAsync(new LedgerAppend { Run = run = run.To(RunStatus.Running), Usage = [Spent(run.Id, "m", 1), Spent(run.Id, "m", 2)] });
        await CommitAsync(new LedgerAppend { Run = run = run.To(RunStatus.Running), Usage = [Spent(run.Id, "m", 3)] });
        Assert.Equal(3, Assert.Single(await Ledger.ReadUsageAsync(run.Id, Token)).Usage.InputTokens);

        var queued = run.To(RunStatus.Queued);
        await CommitAsync(Step(run, queued));
        var again = queued.To(RunStatus.Starting);
        await CommitAsync(Step(queued, again));
        await CommitAsync(new LedgerAppend { Run = again = again.To(RunStatus.Starting), Usage = [Spent(run.Id, "m", 9, attempt: 2)] });
        Assert.Equal([(1, 3), (2, 9)], (await Ledger.ReadUsageAsync(run.Id, Token)).Select(u => (u.Attempt, (int)u.Usage.InputTokens!.Value)));

        var late = await Ledger.AppendAsync(new LedgerAppend { Run = again.To(RunStatus.Starting), Usage = [Spent(run.Id, "m", 9, attempt: 1)] }, Token);
        Assert.Contains("usage_of_ended_attempt_is_immutable", late.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_takes_effect_once_and_a_repeated_one_is_no_second()
    {
        var run = await AcceptAsync();
        var command = Command(run.Id);
        await CommitAsync(new LedgerAppend { Run = run = run.To(RunStatus.Queued), Commands = [command] });
        await CommitAsync(new LedgerAppend { Run = run = run.To(RunStatus.Queued), Commands = [command with { Text = "other" }] });
        Assert.Equal(command, Assert.Single(await Ledger.ReadCommandsAsync(run.Id, true, Token)));
        await CommitAsync(new LedgerAppend { Run = run = run.To(RunStatus.Queued), Commands = [command with { HandledAt = Start, Outcome = "delivered" }] });
        await CommitAsync(new LedgerAppend { Run = run.To(RunStatus.Queued), Commands = [command with { HandledAt = Start, Outcome = "refused" }] });
        Assert.Equal("delivered", Assert.Single(await Ledger.ReadCommandsAsync(run.Id, false, Token)).Outcome);
    }

    private static string EndAttempt(RunId run) => $"update attempts set ended_at = '2026-01-02T03:04:05.000000Z' where run_id = '{run}' and ended_at is null";

    private bool IsSqlite => Fixture.Provider == LedgerProviders.Sqlite;

    /// <summary>A run in <paramref name="status"/>, along legal steps.</summary>
    private async Task<RunRow> ReachAsync(RunStatus status)
    {
        var run = await AcceptAsync();
        foreach (var next in PathTo(status))
        {
            var to = run.To(next);
            await CommitAsync(Step(run, to));
            run = to;
        }

        return run;
    }

    private static RunStatus[] PathTo(RunStatus status) => status switch
    {
        RunStatus.Queued => [],
        RunStatus.Running or RunStatus.TimedOut or RunStatus.Canceling => [RunStatus.Starting, .. status == RunStatus.Running ? [RunStatus.Running] : new[] { RunStatus.Running, status }],
        RunStatus.Completed => [RunStatus.Starting, RunStatus.Completed],
        _ => [status],
    };

    private async Task FillEveryTableAsync()
    {
        var run = Accepted() with { Labels = new Dictionary<string, string> { ["a"] = "b" } };
        await CommitAsync(new LedgerAppend { Run = run, Idempotency = Key(run.Id, $"f-{run.Id}"), Audit = [Audit(run.Id)] });
        var starting = run.To(RunStatus.Starting);
        await CommitAsync(Step(run, starting));
        var ended = starting.To(RunStatus.Completed) with { LastEventSeq = 2 };
        await CommitAsync(Step(starting, ended) with
        {
            Events = Events(run.Id, 1, 2), Usage = [Spent(run.Id, "m", 1)], Transcript = [Chunk(run.Id, 0, "x\n")],
            Commands = [Command(run.Id) with { HandledAt = Start, Outcome = "delivered" }],
        });
        await Ledger.PutDefinitionAsync(new("hash", "demo", "{}", Start), Token);
    }
}
