using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Ledger.Sql;
using Orleans.Workflows.Ledger.Writing;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.PostgreSql;

/// <summary>
/// The set-based statements of a batch. What belongs to a run is written only if this very transaction wrote the run:
/// its xmin says so, also when a lost connection's transaction with the same appends is still alive.
/// </summary>
internal static class PostgresStatements
{
    private const string RunWritten = "exists (select 1 from runs r where r.id = i.run_id and r.xmin = pg_current_xact_id()::xid)";

    /// <summary>No other epoch can stand before this transaction has committed. Its later statements see the one that stands.</summary>
    public const string HoldEpoch = "select pg_advisory_xact_lock_shared(admission_lock())";

    /// <summary>A lock on this row until the commit makes the order of numbers the order of commits.</summary>
    public const string TakeSequence = "update writers set last_seq = last_seq + $1 where id = $2";

    // In the order of their keys, so that two silos can't wait for each other's claims.
    public static readonly PostgresStatement<IdempotencyRow> ClaimKeys = new(
        $$"""
        insert into idempotency_keys ({{Columns.Names(Columns.Key)}})
        select {{Columns.Names(Columns.Key, "i.")}} from {rows}
        where not exists (select 1 from runs r where r.id = i.run_id)
        order by i.caller, i.key on conflict (caller, key) do nothing
        """, Columns.Key);

    public static readonly PostgresStatement<PendingAppend> InsertRuns = new(
        columns => $$"""
        insert into runs ({{Columns.Names(columns.SkipLast(2))}})
        select {{Columns.Names(columns.SkipLast(2), "i.")}} from {rows}
        where not exists (select 1 from runs r where r.id = i.id)
          and (i.key is null or exists (select 1 from idempotency_keys k where k.caller = i.key_caller and k.key = i.key and k.run_id = i.id))
        returning id
        """,
        [
            Columns.RunKey, .. Columns.RunIdentity, .. Columns.RunState,
            Columns.Of<PendingAppend, string?>("key_caller", p => p.Append.Idempotency?.Caller),
            Columns.Of<PendingAppend, string?>("key", p => p.Append.Idempotency?.Key),
        ],
        Columns.RunSparseAtFirst);

    /// <summary>Parameters: the writer, and how many of its numbers this batch took.</summary>
    public static readonly PostgresStatement<PendingAppend> UpdateRuns = new(
        columns => $$"""
        update runs r set {{string.Join(", ", Columns.RunState.Select(c => columns.Contains(c) ? $"{c.Name} = i.{c.Name}" : $"{c.Name} = null"))}},
          writer = case when i.ordinal is not null then {1} end,
          writer_seq = i.ordinal + (select last_seq - {2} from writers where id = {1})
        from {rows}
        where r.id = i.id and r.version = i.version - 1
          and (i.admission_epoch is null or i.admission_epoch = (select epoch from admission where id = 1))
        returning r.id
        """,
        [
            Columns.RunKey, .. Columns.RunState,
            Columns.Of<PendingAppend, long?>("admission_epoch", p => p.Append.AdmissionEpoch),
            Columns.Of<PendingAppend, int?>("ordinal", p => p.EndOrdinal),
        ],
        Columns.RunSparse);

    public static readonly PostgresStatement<(RunId Run, string Name, string Value)> InsertLabels = Insert("run_labels", Columns.Label);

    public static readonly PostgresStatement<AttemptRow> InsertAttempts =
        Insert("attempts", [.. Columns.AttemptKey, .. Columns.AttemptIdentity, .. Columns.AttemptState], "", Columns.AttemptSparse);

    public static readonly PostgresStatement<AttemptRow> UpsertAttempts = Insert(
        "attempts", [.. Columns.AttemptKey, .. Columns.AttemptIdentity, .. Columns.AttemptState],
        $"on conflict (run_id, number) do update set {Excluded(Columns.AttemptState)}", Columns.AttemptSparse);

    public static readonly PostgresStatement<UsageRow> UpsertUsage = Insert(
        "usage_events", [.. Columns.UsageKey, .. Columns.UsageState],
        $"on conflict (run_id, attempt, message_id) do update set {Excluded(Columns.UsageState)}");

    public static readonly PostgresStatement<CommandRow> UpsertCommands = Insert(
        "commands", [.. Columns.CommandKey, .. Columns.CommandIdentity, .. Columns.CommandState],
        $"on conflict (run_id, id) do update set {Excluded(Columns.CommandState)} where commands.handled_at is null and excluded.handled_at is not null");

    public static readonly PostgresStatement<StoredChunk> InsertTranscripts = Insert("transcripts", Columns.Transcript);

    public static readonly PostgresStatement<AuditRow> InsertAudit = Insert("audit_log", Columns.Audit);

    // In the order of their names, so that two claims can't wait for each other's locks.
    public static readonly PostgresStatement<LockRow> TakeLocks = new(
        $$"""
        insert into locks ({{Columns.Names([.. Columns.LockKey, .. Columns.LockIdentity, .. Columns.LockState])}})
        select {{Columns.Names([.. Columns.LockKey, .. Columns.LockIdentity, .. Columns.LockState], "i.")}} from {rows} where {{RunWritten}}
        order by i.name, i.run_id on conflict (name, run_id) do update set {{Excluded(Columns.LockState)}}
        """,
        [.. Columns.LockKey, .. Columns.LockIdentity, .. Columns.LockState]);

    public static readonly PostgresStatement<PendingAppend> FreeLocks = new(
        $$"""delete from locks l using {rows} where l.run_id = i.run_id and {{RunWritten}}""", Columns.Of<PendingAppend, Guid>("run_id", p => p.Run.Value));

    // Events arrive as UTF-8 bytes; the database judges whether they are.
    public static readonly PostgresStatement<EventBatchRow> InsertEvents = new(
        $$"""
        insert into run_events ({{Columns.Names(Columns.Event)}})
        select {{Columns.Names(Columns.Event, "i.").Replace("i.events", "convert_from(i.events, 'UTF8')", StringComparison.Ordinal)}}
        from {rows} where {{RunWritten}}
        """, Columns.Event);

    /// <summary>A column that is left out is null: as its default in a new row, and as <c>excluded</c> in one that stands.</summary>
    private static PostgresStatement<TRow> Insert<TRow>(string table, Column<TRow>[] columns, string onConflict = "", params Column<TRow>[] sparse) => new(
        present => $$"""
        insert into {{table}} ({{Columns.Names(present)}})
        select {{Columns.Names(present, "i.")}} from {rows} where {{RunWritten}} {{onConflict}}
        """,
        columns,
        sparse);

    private static string Excluded<TRow>(IEnumerable<Column<TRow>> columns) =>
        string.Join(", ", columns.Select(column => $"{column.Name} = excluded.{column.Name}"));
}
