using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.PostgreSql;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Waiting;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>A database that goes away at the worst moments.</summary>
public sealed class PostgresOutageTests(PostgresLedgerFixture fixture) : IClassFixture<PostgresLedgerFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_append_whose_COMMIT_answer_was_lost_is_found_committed_and_not_written_twice()
    {
        await using var proxy = Proxy();
        await using var ledger = await OpenAsync(proxy);
        var run = Accepted();
        await ledger.AppendAsync(new LedgerAppend { Run = run }, Token);

        proxy.SwallowAnswers();
        var append = ledger.AppendAsync(new LedgerAppend { Run = run.To(RunStatus.Queued), Audit = [Audit(run.Id)], Events = Events(run.Id, 1, 2) }, Token);
        await VersionReachesAsync(run.Id, 2);
        Assert.False(append.IsCompleted);
        proxy.Cut();

        Assert.Equal(AppendResult.Committed, await append);
        Assert.Single(await fixture.Ledger.ReadAuditAsync(run.Id, Token));
        Assert.Equal(2, (await fixture.Ledger.ReadRunAsync(run.Id, Token))!.Version);
    }

    [Fact]
    public async Task An_accepting_append_with_a_key_whose_answer_was_lost_is_found_committed()
    {
        await using var proxy = Proxy();
        await using var ledger = await OpenAsync(proxy);
        await ledger.AppendAsync(new LedgerAppend { Run = Accepted() }, Token);
        var run = Accepted();
        proxy.SwallowAnswers();
        var append = ledger.AppendAsync(new LedgerAppend { Run = run, Idempotency = Key(run.Id, $"lost-{run.Id}"), Audit = [Audit(run.Id)] }, Token);
        await VersionReachesAsync(run.Id, 1);
        proxy.Cut();
        Assert.Equal(AppendResult.Committed, await append);
        Assert.Single(await fixture.Ledger.ReadAuditAsync(run.Id, Token));
    }

    [Fact]
    public async Task An_append_that_never_arrived_is_sent_again()
    {
        await using var proxy = Proxy();
        await using var ledger = await OpenAsync(proxy);
        var run = Accepted();
        await ledger.AppendAsync(new LedgerAppend { Run = run }, Token);
        proxy.SwallowQuestions();
        var append = ledger.AppendAsync(new LedgerAppend { Run = run.To(RunStatus.Queued), Audit = [Audit(run.Id)] }, Token);
        proxy.Cut();
        Assert.Equal(AppendResult.Committed, await append);
        Assert.Single(await fixture.Ledger.ReadAuditAsync(run.Id, Token));
    }

    [Fact]
    public async Task A_transaction_that_is_still_alive_after_its_connection_was_lost_writes_nothing_twice()
    {
        await using var proxy = Proxy();
        await using var ledger = await OpenAsync(proxy, seconds: 60);
        var run = Accepted();
        await ledger.AppendAsync(new LedgerAppend { Run = run }, Token);
        await using var connection = await fixture.ConnectAsync();
        Task<AppendResult> append;
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            // The run's row is held, so that the first try and, after the cut, the second both wait for it.
            await using var hold = connection.CreateCommand();
            hold.CommandText = $"select 1 from runs where id = '{run.Id}' for update";
            await hold.ExecuteScalarAsync(Token);
            append = ledger.AppendAsync(new LedgerAppend { Run = run.To(RunStatus.Queued), Audit = [Audit(run.Id)] }, Token);
            await WaitersReachAsync(1);
            proxy.Cut();
            await WaitersReachAsync(2);
            await transaction.CommitAsync(Token);
        }

        Assert.Equal(AppendResult.Committed, await append);
        Assert.Single(await fixture.Ledger.ReadAuditAsync(run.Id, Token));
        Assert.Equal(2, (await fixture.Ledger.ReadRunAsync(run.Id, Token))!.Version);
    }

    [Theory]
    [InlineData("raise exception 'index is corrupted' using errcode = 'XX002'", 3, 7)]
    [InlineData("perform pg_sleep(60)", 6, 3)]
    public async Task What_one_append_meets_at_the_database_s_expense_does_not_fail_those_that_were_gathered_with_it(string fault, int seconds, int committed)
    {
        var caller = $"fault-{Guid.NewGuid():N}";
        await fixture.ExecuteAsync(
            $"""
            create function "{caller}"() returns trigger language plpgsql as $$ begin {fault}; return new; end $$;
            create trigger "{caller}" before insert on audit_log for each row when (new.caller = '{caller}') execute function "{caller}"()
            """);
        await using var ledger = await fixture.OpenAsync(options =>
        {
            options.MaxInFlight = 1;
            options.Node = caller;
            options.UnavailableAfter = TimeSpan.FromSeconds(seconds);
        });
        var held = Accepted();
        await ledger.AppendAsync(new LedgerAppend { Run = held }, Token);
        await using var connection = await fixture.ConnectAsync();
        List<Task<AppendResult>> good;
        Task<AppendResult> first, bad;
        await using (var transaction = await connection.BeginTransactionAsync(Token))
        {
            // What comes while the lane waits for the row is one batch.
            await using var hold = connection.CreateCommand();
            hold.CommandText = $"select 1 from runs where id = '{held.Id}' for update";
            await hold.ExecuteScalarAsync(Token);
            first = ledger.AppendAsync(new LedgerAppend { Run = held.To(RunStatus.Queued) }, Token);
            await WaitersReachAsync(1);
            good = [.. Enumerable.Range(0, 7).Select(_ => ledger.AppendAsync(new LedgerAppend { Run = Accepted() }, Token))];
            var run = Accepted();
            bad = ledger.AppendAsync(new LedgerAppend { Run = run, Audit = [Audit(run.Id) with { Caller = caller }] }, Token);
            await transaction.CommitAsync(Token);
        }

        Assert.Equal(AppendResult.Committed, await first);

        // Time-outs use up the bound: the half that holds the slow one may run out of it, the other may not.
        await Task.WhenAll(good).ContinueWith(_ => { }, Token, TaskContinuationOptions.None, TaskScheduler.Default);
        Assert.InRange(good.Count(append => append.IsCompletedSuccessfully && append.Result == AppendResult.Committed), committed, 7);
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => bad);
    }

    [Fact]
    public async Task While_backends_are_killed_under_load_every_append_is_committed_exactly_once()
    {
        await using var ledger = await fixture.OpenAsync(options => options.Node = "killed");
        var working = Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            var run = Accepted();
            Assert.True((await ledger.AppendAsync(new LedgerAppend { Run = run, Idempotency = Key(run.Id, $"kill-{run.Id}") }, Token)).IsCommitted);
            for (var step = 1; step <= 20; step++)
            {
                run = run.To(RunStatus.Queued) with { LastEventSeq = step };
                Assert.Equal(AppendResult.Committed, await ledger.AppendAsync(new LedgerAppend { Run = run, Events = Events(run.Id, step, 1), Audit = [Audit(run.Id)] }, Token));
            }

            return run.Id;
        }));
        var killed = 0;
        while (!working.IsCompleted)
        {
            killed += int.Parse(await fixture.ScalarAsync(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'orleans-workflows writer killed' and state = 'active'"));
        }

        foreach (var run in await working)
        {
            Assert.Equal(20, (await fixture.Ledger.ReadAuditAsync(run, Token)).Count);
            Assert.Equal(20, (await fixture.Ledger.ReadEventsAsync(run, 0, 100, Token)).Count);
        }

        Assert.True(killed > 0);
    }

    [Fact]
    public async Task A_database_that_stays_away_is_reported_within_the_bound_to_writers_and_readers()
    {
        await using var proxy = Proxy();
        await using var ledger = await OpenAsync(proxy);
        var run = Accepted();
        await ledger.AppendAsync(new LedgerAppend { Run = run }, Token);
        proxy.Refuse();
        proxy.Cut();
        var appends = Enumerable.Range(0, 5).Select(_ => ledger.AppendAsync(new LedgerAppend { Run = Accepted() }, Token)).ToList();
        foreach (var append in appends)
        {
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => append);
        }

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.ReadRunAsync(run.Id, Token));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.PingAsync(Token));
    }

    [Fact]
    public async Task A_database_that_takes_everything_and_answers_nothing_is_reported_in_time()
    {
        await using var proxy = Proxy();
        await using var ledger = await OpenAsync(proxy);
        var run = Accepted();
        await ledger.AppendAsync(new LedgerAppend { Run = run }, Token);
        proxy.SwallowAnswers();
        var first = ledger.AppendAsync(new LedgerAppend { Run = Accepted() }, Token);
        var behind = ledger.AppendAsync(new LedgerAppend { Run = Accepted() }, Token);
        var read = ledger.ReadRunAsync(run.Id, Token);
        foreach (var waiting in new Task[] { first, behind, read })
        {
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(20), Token));
        }
    }

    [Fact]
    public async Task The_session_of_a_node_that_vanished_stops_waiting_for_locks()
    {
        await using var proxy = Proxy();
        await using var ledger = await OpenAsync(proxy);
        var run = Accepted();
        await ledger.AppendAsync(new LedgerAppend { Run = run }, Token);
        await using var connection = await fixture.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var hold = connection.CreateCommand();
        hold.CommandText = $"select 1 from runs where id = '{run.Id}' for update";
        await hold.ExecuteScalarAsync(Token);
        var append = ledger.AppendAsync(new LedgerAppend { Run = run.To(RunStatus.Queued) }, Token);
        await WaitersReachAsync(1);

        // Neither questions nor answers pass, and no end of the connection is seen.
        proxy.SwallowQuestions();
        proxy.SwallowAnswers();
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => append);
        await WaitersReachAsync(0);
    }

    [Theory]
    [InlineData("writer ")]
    [InlineData("")]
    public async Task A_session_that_stands_still_in_a_transaction_is_ended_by_the_server(string pool)
    {
        var options = new LedgerOptions { ConnectionString = fixture.ConnectionString, Node = "idle", UnavailableAfter = TimeSpan.FromSeconds(3) };
        await using var sources = PostgresSources.Open(options, NullLoggerFactory.Instance);
        await using var connection = await (pool.Length > 0 ? sources.Writer : sources.Reader).OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var take = new NpgsqlCommand("select pg_advisory_xact_lock(42)", connection);
        await take.ExecuteNonQueryAsync(Token);
        await WaitFor.Value(
            async _ => await fixture.ScalarAsync($"select count(*) from pg_stat_activity where application_name = 'orleans-workflows {pool}idle'") == "0" ? "ended" : null,
            () => "the session is still there", TimeSpan.FromSeconds(20), cancellationToken: Token);
    }

    [Fact]
    public async Task What_was_answered_survives_a_crash_of_the_database()
    {
        await using var server = await PostgresServer.StartAsync();
        var options = new LedgerOptions { Provider = LedgerProviders.PostgreSql, ConnectionString = await server.CreateDatabaseAsync(cancellationToken: Token), Node = "n" };
        await using var ledger = await LedgerFactory.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, Token);
        var answered = new System.Collections.Concurrent.ConcurrentBag<RunId>();
        using var stop = new CancellationTokenSource();
        var working = Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                var run = Accepted();
                if ((await ledger.AppendAsync(new LedgerAppend { Run = run, Audit = [Audit(run.Id)] }, CancellationToken.None)).IsCommitted)
                {
                    answered.Add(run.Id);
                }
            }
        }));
        await WaitFor.Condition(() => answered.Count > 100, () => $"{answered.Count} answered", cancellationToken: Token);
        await server.RestartAsync(immediate: true);
        var before = answered.Count;
        await WaitFor.Condition(() => answered.Count > before + 50, () => $"{answered.Count} answered after {before}", cancellationToken: Token);
        await stop.CancelAsync();
        await working;
        foreach (var run in answered)
        {
            Assert.Single(await ledger.ReadAuditAsync(run, Token));
        }
    }

    private CutProxy Proxy() => new(new NpgsqlConnectionStringBuilder(fixture.ConnectionString).Port);

    private Task<ILedger> OpenAsync(CutProxy proxy, int seconds = 3) => fixture.OpenAsync(options =>
    {
        options.ConnectionString = new NpgsqlConnectionStringBuilder(fixture.ConnectionString) { Port = proxy.Port, Pooling = true }.ToString();
        options.MaxInFlight = 1;
        options.Node = $"proxied-{proxy.Port}";
        options.UnavailableAfter = TimeSpan.FromSeconds(seconds);
    });

    private Task<RunRow> VersionReachesAsync(RunId run, long version) => WaitFor.Value(
        async token => await fixture.Ledger.ReadRunAsync(run, token) is { } row && row.Version == version ? row : null,
        () => $"run {run} is not at version {version}", cancellationToken: Token);

    private Task<string> WaitersReachAsync(int count) => WaitFor.Value(
        async _ => await fixture.ScalarAsync(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == $"{count}" ? "reached" : null,
        () => $"not {count} waiters", cancellationToken: Token);
}
