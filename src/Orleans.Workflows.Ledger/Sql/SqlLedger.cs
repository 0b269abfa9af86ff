using System.Runtime.CompilerServices;
using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Ledger.Writing;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>The ledger over either database: reads in shared SQL, appends through the database's own group commit.</summary>
internal sealed class SqlLedger(SqlDialect dialect, GroupCommit writer, TimeProvider time) : ILedger
{
    private const int TranscriptPage = 16;

    public Task<AppendResult> AppendAsync(LedgerAppend append, CancellationToken cancellationToken = default) =>
        writer.AppendAsync(append, cancellationToken);

    public Task<RunRow?> ReadRunAsync(RunId run, CancellationToken cancellationToken = default) => FirstAsync(
        $"select {RowReaders.RunColumns} from runs where id = @run", RowReaders.Run, cancellationToken, ("@run", run.Value));

    public Task<IReadOnlyList<AttemptRow>> ReadAttemptsAsync(RunId run, CancellationToken cancellationToken = default) => ListAsync(
        $"select {RowReaders.AttemptColumns} from attempts where run_id = @run order by number", RowReaders.Attempt, cancellationToken, ("@run", run.Value));

    public Task<IdempotencyRow?> ReadIdempotencyAsync(string caller, string key, CancellationToken cancellationToken = default) => FirstAsync(
        $"select {RowReaders.IdempotencyColumns} from idempotency_keys where caller = @caller and key = @key", RowReaders.Idempotency, cancellationToken,
        ("@caller", caller), ("@key", key));

    public Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellationToken = default) =>
        dialect.ReadAsync(session => new RunList(query, dialect).ReadAsync(session, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<EventBatchRow>> ReadEventsAsync(RunId run, long afterSeq, int limit, CancellationToken cancellationToken = default) => ListAsync(
        $"select {RowReaders.EventColumns} from run_events where run_id = @run and last_seq > @after order by last_seq limit {limit}",
        RowReaders.Event, cancellationToken, ("@run", run.Value), ("@after", afterSeq));

    public Task<IReadOnlyList<UsageRow>> ReadUsageAsync(RunId run, CancellationToken cancellationToken = default) => ListAsync(
        $"select {RowReaders.UsageColumns} from usage_events where run_id = @run order by attempt, at, message_id", RowReaders.Usage, cancellationToken,
        ("@run", run.Value));

    public async IAsyncEnumerable<TranscriptChunk> ReadTranscriptAsync(
        RunId run, int attempt, OutputStream stream, long fromOffset, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var page = await ListAsync(
                $"""
                select byte_offset, byte_length, codec, bytes from transcripts
                where run_id = @run and attempt = @attempt and stream = @stream and byte_offset + byte_length > @from
                  and byte_offset >= coalesce((select max(byte_offset) from transcripts
                    where run_id = @run and attempt = @attempt and stream = @stream and byte_offset <= @from), 0)
                order by byte_offset limit {TranscriptPage}
                """,
                row => (Offset: row.Long(), Length: row.Int(), Codec: row.Int(), Bytes: row.Bytes()), cancellationToken,
                ("@run", run.Value), ("@attempt", attempt), ("@stream", (int)stream), ("@from", fromOffset));
            foreach (var (offset, length, codec, bytes) in page)
            {
                yield return new TranscriptChunk(run, attempt, stream, offset, StoredChunk.Expand(codec, bytes, length));
                fromOffset = offset + length;
            }

            if (page.Count < TranscriptPage)
            {
                yield break;
            }
        }
    }

    public Task<IReadOnlyList<CommandRow>> ReadCommandsAsync(RunId run, bool pendingOnly, CancellationToken cancellationToken = default) => ListAsync(
        $"select {RowReaders.CommandColumns} from commands where run_id = @run{(pendingOnly ? " and handled_at is null" : "")} order by at, id",
        RowReaders.Command, cancellationToken, ("@run", run.Value));

    public Task<IReadOnlyList<AuditRow>> ReadAuditAsync(RunId run, CancellationToken cancellationToken = default) => ListAsync(
        $"select {RowReaders.AuditColumns} from audit_log where run_id = @run order by id", RowReaders.Audit, cancellationToken, ("@run", run.Value));

    public Task<IReadOnlyList<RunId>> ReadContinuationsAsync(RunId run, CancellationToken cancellationToken = default) => ListAsync(
        "select id from runs where continued_from = @run order by id", row => row.Run(), cancellationToken, ("@run", run.Value));

    public Task PutDefinitionAsync(DefinitionRow definition, CancellationToken cancellationToken = default) => WriteAsync(
        """
        insert into definitions (hash, workflow, content, at) select @hash, @workflow, @content, @at
        where not exists (select 1 from definitions where hash = @hash) on conflict (hash) do nothing
        """, cancellationToken,
        ("@hash", definition.Hash), ("@workflow", definition.Workflow), ("@content", definition.Content), ("@at", definition.At));

    public Task<DefinitionRow?> ReadDefinitionAsync(string hash, CancellationToken cancellationToken = default) => FirstAsync(
        "select hash, workflow, content, at from definitions where hash = @hash",
        row => new DefinitionRow(row.String(), row.StringOrNull(), row.String(), row.Time()), cancellationToken, ("@hash", hash));

    public Task<long> AdvanceAdmissionEpochAsync(CancellationToken cancellationToken = default) => dialect.WriteAsync(
        session => session.FirstAsync("update admission set epoch = epoch + 1 where id = 1 returning epoch", row => row.Long(), cancellationToken), cancellationToken);

    public Task<long> ReadAdmissionEpochAsync(CancellationToken cancellationToken = default) =>
        FirstAsync("select epoch from admission where id = 1", row => row.Long(), cancellationToken);

    public Task<IReadOnlyList<QueuedRunRow>> ReadQueuedAsync(QueuedRunRow? after, int limit, CancellationToken cancellationToken = default)
    {
        const string Columns = "select id, queue, queued_at, next_deadline, node, demand from runs where status = 'Queued'";
        static QueuedRunRow Read(RowReader row) => new(row.Run(), row.String(), row.Time(), row.TimeOrNull(), row.StringOrNull(), row.StringOrNull());
        return after is null
            ? ListAsync($"{Columns} order by queued_at, id limit {limit}", Read, cancellationToken)
            : ListAsync($"{Columns} and (queued_at, id) > (@at, @run) order by queued_at, id limit {limit}", Read, cancellationToken,
                ("@at", after.QueuedAt), ("@run", after.Run.Value));
    }

    public Task<IReadOnlyList<OpenAttemptRow>> ReadOpenAttemptsAsync(CancellationToken cancellationToken = default) => ListAsync(
        """
        select a.run_id, a.number, a.node, a.queue, a.claimed_at, r.demand from attempts a join runs r on r.id = a.run_id
        where a.ended_at is null order by a.run_id
        """,
        row => new OpenAttemptRow(row.Run(), row.Int(), row.String(), row.String(), row.Time(), row.StringOrNull()), cancellationToken);

    public Task<IReadOnlyList<AttemptUsageRow>> ReadAttemptUsageAsync(DateTimeOffset endedAfter, CancellationToken cancellationToken = default)
    {
        static AttemptUsageRow Read(RowReader row) => new(row.Run(), row.Int(), row.String(), row.StringOrNull(), row.TimeOrNull(), row.TimeOrNull(), row.Usage());
        const string Select = "select a.run_id, a.number, a.queue, r.demand, a.started_at, a.ended_at, a.input_tokens, a.output_tokens, a.cache_read_tokens, a.cache_creation_tokens, a.cost_usd from attempts a join runs r on r.id = a.run_id";

        // Two statements, each over its own index; the open ones first, for one that ends in between is then in both.
        return dialect.ReadAsync<IReadOnlyList<AttemptUsageRow>>(async session =>
        {
            var open = await session.QueryAsync($"{Select} where a.ended_at is null order by a.run_id", Read, cancellationToken);
            var ended = await session.QueryAsync($"{Select} where a.ended_at > @after order by a.ended_at, a.run_id", Read, cancellationToken, ("@after", endedAfter));
            var both = ended.Select(row => (row.Run, row.Number)).ToHashSet();
            return [.. ended, .. open.Where(row => !both.Contains((row.Run, row.Number)))];
        }, cancellationToken);
    }

    public Task<IReadOnlyList<LockRow>> ReadLocksAsync(CancellationToken cancellationToken = default) => ListAsync(
        "select name, run_id, attempt, mode, token, acquired_at from locks order by name, run_id",
        row => new LockRow(row.String(), row.Run(), row.Int(), row.String(), row.Long(), row.Time()), cancellationToken);

    public Task<IReadOnlyList<DueRunRow>> ReadDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken = default) => ListAsync(
        $"select id, status, next_deadline from runs where next_deadline <= @now order by next_deadline limit {limit}",
        row => new DueRunRow(row.Run(), RunStatuses.Parse(row.String()), row.Time()), cancellationToken, ("@now", now));

    public Task<IReadOnlyList<EndedRunRow>> ReadEndedAsync(IReadOnlyDictionary<int, long> checkpoint, int limit, CancellationToken cancellationToken = default) =>
        dialect.ReadAsync<IReadOnlyList<EndedRunRow>>(async session =>
        {
            var writers = await session.QueryAsync("select id, last_seq from writers order by id", row => (Id: row.Int(), Last: row.Long()), cancellationToken);
            var ended = new List<EndedRunRow>();
            foreach (var (id, last) in writers)
            {
                var read = checkpoint.GetValueOrDefault(id);
                if (last > read && ended.Count < limit)
                {
                    ended.AddRange(await session.QueryAsync(
                        $"select {RowReaders.EndedColumns} from runs where writer = @writer and writer_seq > @read order by writer_seq limit {limit - ended.Count}",
                        RowReaders.Ended, cancellationToken, ("@writer", id), ("@read", read)));
                }
            }

            return ended;
        }, cancellationToken);

    public async Task<bool> PutRuleAsync(RuleKind kind, RuleRow rule, CancellationToken cancellationToken = default) =>
        await WriteAsync(Rules.Insert(kind), cancellationToken, Rules.Parameters(rule)) == 1;

    public Task<IReadOnlyList<RuleRow>> ReadRulesAsync(RuleKind kind, CancellationToken cancellationToken = default) =>
        ListAsync(Rules.SelectLast(kind), Rules.Read, cancellationToken);

    public Task<IReadOnlyList<RuleRow>> ReadRuleHistoryAsync(RuleKind kind, string name, int limit, CancellationToken cancellationToken = default) =>
        ListAsync($"{Rules.Select(kind)} where name = @name order by version desc limit {limit}", Rules.Read, cancellationToken, ("@name", name));

    public async Task<bool> PutScheduleAsync(ScheduleRow schedule, CancellationToken cancellationToken = default) =>
        await WriteAsync(schedule.Version == 1 ? Schedules.Insert : Schedules.Update, cancellationToken, Schedules.Parameters(schedule)) == 1;

    public Task<ScheduleRow?> ReadScheduleAsync(string name, CancellationToken cancellationToken = default) =>
        FirstAsync($"{Schedules.Select} where name = @name", Schedules.Read, cancellationToken, ("@name", name));

    public Task<IReadOnlyList<ScheduleRow>> ReadSchedulesAsync(CancellationToken cancellationToken = default) =>
        ListAsync($"{Schedules.Select} order by name", Schedules.Read, cancellationToken);

    public async Task<bool> DeleteScheduleAsync(string name, Guid incarnation, CancellationToken cancellationToken = default) =>
        await WriteAsync(Schedules.Delete, cancellationToken, ("@name", name), ("@incarnation", incarnation)) == 1;

    public async Task<bool> PutBatchAsync(BatchRow batch, CancellationToken cancellationToken = default) =>
        await WriteAsync(batch.Version == 1 ? Batches.Insert : Batches.Update, cancellationToken, Batches.Parameters(batch)) == 1;

    public Task<BatchRow?> ReadBatchAsync(Guid batch, CancellationToken cancellationToken = default) =>
        FirstAsync($"{Batches.Select} where id = @id", Batches.Read, cancellationToken, ("@id", batch));

    public Task<BatchRow?> ReadBatchAsync(string caller, string key, CancellationToken cancellationToken = default) =>
        FirstAsync($"{Batches.Select} where caller = @caller and idempotency_key = @key", Batches.Read, cancellationToken, ("@caller", caller), ("@key", key));

    public Task<IReadOnlyList<BatchRow>> ReadBatchesAsync(Guid? before, int limit, CancellationToken cancellationToken = default) => before is { } last
        ? ListAsync($"{Batches.SelectShort} where id < @before order by id desc limit {limit}", Batches.Read, cancellationToken, ("@before", last))
        : ListAsync($"{Batches.SelectShort} order by id desc limit {limit}", Batches.Read, cancellationToken);

    public Task<IReadOnlyList<Guid>> ReadOpenBatchesAsync(CancellationToken cancellationToken = default) =>
        ListAsync("select id from batches where ended_at is null order by id", row => row.Guid(), cancellationToken);

    public async Task<int> DeleteBatchesAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken = default) =>
        await dialect.ReadAsync(session => Retention.HasEndedBatchesAsync(session, endedBefore, cancellationToken), cancellationToken)
            ? await dialect.WriteAsync(session => Retention.DeleteBatchesAsync(session, dialect, endedBefore, cancellationToken), cancellationToken)
            : 0;

    public async Task<bool> PutNodeAsync(NodeRow node, CancellationToken cancellationToken = default) => await WriteAsync(
        """
        insert into nodes (node, silo_address, slots, started_at, lease_until)
        select @node, @address, @slots, @started, @lease
        where not exists (select 1 from node_losses where node = @node and started_at = @started)
        on conflict (node) do update set silo_address = excluded.silo_address, slots = excluded.slots,
          started_at = excluded.started_at, lease_until = excluded.lease_until
        """, cancellationToken,
        ("@node", node.Node), ("@address", node.SiloAddress), ("@slots", node.Slots), ("@started", node.StartedAt), ("@lease", node.LeaseUntil)) > 0;

    public Task<IReadOnlyList<NodeRow>> ReadNodesAsync(CancellationToken cancellationToken = default) => ListAsync(
        """
        select node, n.silo_address, n.slots, n.started_at, n.lease_until, l.at, l.caller, l.reason, l.correlation_id
        from nodes n left join node_losses l using (node, started_at) order by node
        """, RowReaders.Node, cancellationToken);

    public Task DeclareNodeLostAsync(NodeLossRow loss, CancellationToken cancellationToken = default) => WriteAsync(
        """
        insert into node_losses (node, started_at, at, caller, reason, correlation_id)
        select node, started_at, @at, @caller, @reason, @correlation from nodes
        where node = @node and started_at = @started and lease_until <= @at
          and not exists (select 1 from node_losses where node = @node and started_at = @started)
        on conflict (node, started_at) do nothing
        """, cancellationToken,
        ("@node", loss.Node), ("@started", loss.StartedAt), ("@at", loss.At), ("@caller", loss.Caller), ("@reason", loss.Reason), ("@correlation", loss.CorrelationId));

    public async Task<int> DeleteRunsAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var found = await dialect.ReadAsync(session => Retention.FindAsync(session, endedBefore, now, limit, cancellationToken), cancellationToken);
        return found.Count == 0
            ? 0
            : await dialect.WriteAsync(session => Retention.DeleteRunsAsync(session, dialect, found, endedBefore, now, cancellationToken), cancellationToken);
    }

    public async Task<int> DeleteKeysAsync(int limit, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        return await dialect.ReadAsync(session => Retention.HasExpiredKeysAsync(session, now, cancellationToken), cancellationToken)
            ? await dialect.WriteAsync(session => Retention.DeleteKeysAsync(session, dialect, now, limit, cancellationToken), cancellationToken)
            : 0;
    }

    public Task PingAsync(CancellationToken cancellationToken = default) => FirstAsync("select 1", row => row.Int(), cancellationToken);

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private Task<T?> FirstAsync<T>(string sql, Func<RowReader, T> read, CancellationToken cancellationToken, params (string, object?)[] parameters) =>
        dialect.ReadAsync(session => session.FirstAsync(sql, read, cancellationToken, parameters), cancellationToken);

    private Task<IReadOnlyList<T>> ListAsync<T>(string sql, Func<RowReader, T> read, CancellationToken cancellationToken, params (string, object?)[] parameters) =>
        dialect.ReadAsync<IReadOnlyList<T>>(async session => await session.QueryAsync(sql, read, cancellationToken, parameters), cancellationToken);

    private Task<int> WriteAsync(string sql, CancellationToken cancellationToken, params (string, object?)[] parameters) =>
        dialect.WriteAsync(session => session.ExecuteAsync(sql, cancellationToken, parameters), cancellationToken);
}
