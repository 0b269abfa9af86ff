using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Ledger.Sql;
using Orleans.Workflows.Ledger.Writing;
using Orleans.Workflows.Runs;
using SQLitePCL;

namespace Orleans.Workflows.Ledger.Sqlite;

/// <summary>The writer's prepared statements, each run once a row.</summary>
internal sealed class SqliteStatements(sqlite3 database) : IDisposable
{
    private static readonly Column<EventBatchRow>[] EventKeys = Columns.Event[..^1];

    private readonly List<SqliteStatement> _all = [];

    private SqliteStatement? _begin, _commit, _rollback, _savepoint, _release, _back, _epoch, _version, _lastAppend, _claimant, _claim,
        _insertRun, _updateRun, _label, _attemptInsert, _attemptUpdate, _event, _usageInsert, _usageUpdate, _transcript,
        _commandStands, _commandInsert, _commandUpdate, _audit, _sequence, _lockInsert, _lockUpdate, _lockDelete;

    public SqliteStatement Begin => _begin ??= Prepare("begin immediate");

    public SqliteStatement Commit => _commit ??= Prepare("commit");

    public SqliteStatement Rollback => _rollback ??= Prepare("rollback");

    public SqliteStatement Savepoint => _savepoint ??= Prepare("savepoint item");

    public SqliteStatement Release => _release ??= Prepare("release item");

    public SqliteStatement BackToSavepoint => _back ??= Prepare("rollback to item");

    public long Epoch() => (_epoch ??= Prepare("select epoch from admission where id = 1")).Long() ?? 0;

    public long? Version(RunId run) => (_version ??= Prepare("select version from runs where id = ?1")).Bind(1, run.Value).Long();

    public bool IsLastAppend(RunId run, Guid append) =>
        (_lastAppend ??= Prepare("select 1 from runs where id = ?1 and append_id = ?2")).Bind(1, run.Value).Bind(2, append).Long() is not null;

    public bool IsClaimed(IdempotencyRow key) =>
        (_claimant ??= Prepare("select 1 from idempotency_keys where caller = ?1 and key = ?2")).Bind(1, key.Caller).Bind(2, key.Key).Long() is not null;

    public void Claim(IdempotencyRow key) => (_claim ??= Insert("idempotency_keys", Columns.Key)).Bind(1, Columns.Key, key).Run();

    public void InsertRun(PendingAppend item) => (_insertRun ??= Insert("runs", [Columns.RunKey, .. Columns.RunIdentity, .. Columns.RunState]))
        .Bind(1, item.Append.Run.Id.Value)
        .Bind(2, Columns.RunIdentity, item)
        .Bind(2 + Columns.RunIdentity.Length, Columns.RunState, item)
        .Run();

    /// <summary>False when the run is not at the version before.</summary>
    public bool UpdateRun(PendingAppend item, int? writer, long? sequence)
    {
        var last = Columns.RunState.Length;
        var statement = _updateRun ??= Prepare(
            $"update runs set {Assign(Columns.RunState)}, writer = ?{last + 1}, writer_seq = ?{last + 2} where id = ?{last + 3} and version = ?{last + 4}");
        return statement
            .Bind(1, Columns.RunState, item)
            .Bind(last + 1, writer)
            .Bind(last + 2, sequence)
            .Bind(last + 3, item.Run.Value)
            .Bind(last + 4, item.Append.Run.Version - 1)
            .Run() == 1;
    }

    public void InsertLabel(RunId run, string name, string value) =>
        (_label ??= Insert("run_labels", Columns.Label)).Bind(1, Columns.Label, (run, name, value)).Run();

    public void InsertAttempt(AttemptRow attempt)
    {
        var statement = _attemptInsert ??= Insert("attempts", [.. Columns.AttemptKey, .. Columns.AttemptIdentity, .. Columns.AttemptState]);
        statement.Bind(1, Columns.AttemptKey, attempt)
            .Bind(1 + Columns.AttemptKey.Length, Columns.AttemptIdentity, attempt)
            .Bind(1 + Columns.AttemptKey.Length + Columns.AttemptIdentity.Length, Columns.AttemptState, attempt)
            .Run();
    }

    public void UpsertAttempt(AttemptRow attempt)
    {
        var last = Columns.AttemptState.Length;
        var statement = _attemptUpdate ??= Prepare($"update attempts set {Assign(Columns.AttemptState)} where run_id = ?{last + 1} and number = ?{last + 2}");
        if (statement.Bind(1, Columns.AttemptState, attempt).Bind(last + 1, Columns.AttemptKey, attempt).Run() == 0)
        {
            InsertAttempt(attempt);
        }
    }

    public void InsertEvents(EventBatchRow events) => (_event ??= Insert("run_events", Columns.Event)).Bind(1, EventKeys, events)
        .BindUtf8(Columns.Event.Length, events.Events.Span).Run();

    public void UpsertUsage(UsageRow usage)
    {
        var last = Columns.UsageState.Length;
        var update = _usageUpdate ??= Prepare(
            $"update usage_events set {Assign(Columns.UsageState)} where run_id = ?{last + 1} and attempt = ?{last + 2} and message_id = ?{last + 3}");
        if (update.Bind(1, Columns.UsageState, usage).Bind(last + 1, Columns.UsageKey, usage).Run() == 0)
        {
            (_usageInsert ??= Insert("usage_events", [.. Columns.UsageKey, .. Columns.UsageState]))
                .Bind(1, Columns.UsageKey, usage).Bind(1 + Columns.UsageKey.Length, Columns.UsageState, usage).Run();
        }
    }

    public void InsertTranscript(StoredChunk chunk) => (_transcript ??= Insert("transcripts", Columns.Transcript)).Bind(1, Columns.Transcript, chunk).Run();

    public void UpsertCommand(CommandRow command)
    {
        var pending = (_commandStands ??= Prepare("select handled_at is null from commands where run_id = ?1 and id = ?2"))
            .Bind(1, Columns.CommandKey, command).Long();
        if (pending is null)
        {
            (_commandInsert ??= Insert("commands", [.. Columns.CommandKey, .. Columns.CommandIdentity, .. Columns.CommandState]))
                .Bind(1, Columns.CommandKey, command)
                .Bind(1 + Columns.CommandKey.Length, Columns.CommandIdentity, command)
                .Bind(1 + Columns.CommandKey.Length + Columns.CommandIdentity.Length, Columns.CommandState, command)
                .Run();
        }
        else if (pending == 1 && command.HandledAt is not null)
        {
            var last = Columns.CommandState.Length;
            (_commandUpdate ??= Prepare($"update commands set {Assign(Columns.CommandState)} where run_id = ?{last + 1} and id = ?{last + 2}"))
                .Bind(1, Columns.CommandState, command).Bind(last + 1, Columns.CommandKey, command).Run();
        }
    }

    public void InsertAudit(AuditRow audit)
    {
        var statement = _audit ??= Prepare(
            $"insert into audit_log ({Columns.Names(Columns.Audit)}, id) select {Marks(Columns.Audit.Length)}, " +
            "(select coalesce(max(id), 0) + 1 from audit_log where run_id = ?1)");
        statement.Bind(1, Columns.Audit, audit).Run();
    }

    public void TakeLock(LockRow held)
    {
        var last = Columns.LockState.Length;
        var update = _lockUpdate ??= Prepare($"update locks set {Assign(Columns.LockState)} where name = ?{last + 1} and run_id = ?{last + 2}");
        if (update.Bind(1, Columns.LockState, held).Bind(last + 1, Columns.LockKey, held).Run() == 0)
        {
            (_lockInsert ??= Insert("locks", [.. Columns.LockKey, .. Columns.LockIdentity, .. Columns.LockState]))
                .Bind(1, Columns.LockKey, held)
                .Bind(1 + Columns.LockKey.Length, Columns.LockIdentity, held)
                .Bind(1 + Columns.LockKey.Length + Columns.LockIdentity.Length, Columns.LockState, held)
                .Run();
        }
    }

    public void FreeLocks(RunId run) => (_lockDelete ??= Prepare("delete from locks where run_id = ?1")).Bind(1, run.Value).Run();

    public void PutSequence(int writer, long sequence) =>
        (_sequence ??= Prepare("update writers set last_seq = ?1 where id = ?2")).Bind(1, sequence).Bind(2, writer).Run();

    public void Dispose() => _all.ForEach(statement => statement.Dispose());

    private static string Assign<TRow>(Column<TRow>[] columns) => string.Join(", ", columns.Select((column, n) => $"{column.Name} = ?{n + 1}"));

    private static string Marks(int count) => string.Join(", ", Enumerable.Range(1, count).Select(n => $"?{n}"));

    private SqliteStatement Insert<TRow>(string table, Column<TRow>[] columns) =>
        Prepare($"insert into {table} ({Columns.Names(columns)}) values ({Marks(columns.Length)})");

    private SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(database, sql);
        _all.Add(statement);
        return statement;
    }
}
