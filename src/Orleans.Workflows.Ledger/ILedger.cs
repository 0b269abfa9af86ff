using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger;

/// <summary>
/// The one truth, on SQLite or PostgreSQL. Writes go through <see cref="AppendAsync"/>: one writer per silo gathers what
/// many grains append and commits it as one transaction. Reads see only what is committed.
/// </summary>
/// <remarks>
/// An unreachable database raises <see cref="LedgerUnavailableException"/>; whether an append that raised it was
/// committed is unknown to the caller only if a re-read by append id was impossible too. Everything else that can go
/// wrong is an <see cref="AppendStatus"/>.
/// </remarks>
public interface ILedger : IAsyncDisposable
{
    /// <summary>
    /// Commits one step of one run, all or nothing, durably before it returns. Never blocks on other runs' conflicts.
    /// Waits while the buffer is full (backpressure); a cancelled wait has written nothing. Once taken in, an append goes on
    /// whatever the token says. Appends of one run are committed in the order in which they were handed in.
    /// </summary>
    /// <exception cref="ArgumentException">The append contradicts itself: rows of another run, a key at another version than 1.</exception>
    /// <exception cref="LedgerUnavailableException">The database stayed away for <see cref="LedgerOptions.UnavailableAfter"/>.</exception>
    /// <exception cref="ObjectDisposedException">The ledger is closed; disposal first writes what it took in.</exception>
    Task<AppendResult> AppendAsync(LedgerAppend append, CancellationToken cancellationToken = default);

    Task<RunRow?> ReadRunAsync(RunId run, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<AttemptRow>> ReadAttemptsAsync(RunId run, CancellationToken cancellationToken = default);

    /// <summary>The run that <paramref name="caller"/>'s key started, or null.</summary>
    Task<IdempotencyRow?> ReadIdempotencyAsync(string caller, string key, CancellationToken cancellationToken = default);

    /// <summary>One page. Acceptance order is the order of ids. The total is exact and costs a scan of what the filters leave.</summary>
    /// <exception cref="ArgumentException">The cursor can't be read or is another query's, or the limit is not from 1 to 500.</exception>
    Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellationToken = default);

    /// <summary>Batches that hold events after <paramref name="afterSeq"/>, oldest first, at most <paramref name="limit"/> batches.</summary>
    Task<IReadOnlyList<EventBatchRow>> ReadEventsAsync(RunId run, long afterSeq, int limit, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<UsageRow>> ReadUsageAsync(RunId run, CancellationToken cancellationToken = default);

    /// <summary>Raw output from the chunk that holds <paramref name="fromOffset"/> on, decompressed, in order.</summary>
    IAsyncEnumerable<TranscriptChunk> ReadTranscriptAsync(RunId run, int attempt, OutputStream stream, long fromOffset, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<CommandRow>> ReadCommandsAsync(RunId run, bool pendingOnly, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<AuditRow>> ReadAuditAsync(RunId run, CancellationToken cancellationToken = default);

    /// <summary>Runs that name <paramref name="run"/> as the one they continue, oldest first.</summary>
    Task<IReadOnlyList<RunId>> ReadContinuationsAsync(RunId run, CancellationToken cancellationToken = default);

    /// <summary>Keeps a definition by its hash; a no-op when it stands.</summary>
    Task PutDefinitionAsync(DefinitionRow definition, CancellationToken cancellationToken = default);

    Task<DefinitionRow?> ReadDefinitionAsync(string hash, CancellationToken cancellationToken = default);

    /// <summary>Bumps the admission epoch and returns the new one: every claim under an older one fails from now on.</summary>
    Task<long> AdvanceAdmissionEpochAsync(CancellationToken cancellationToken = default);

    /// <summary>The current admission epoch.</summary>
    Task<long> ReadAdmissionEpochAsync(CancellationToken cancellationToken = default);

    /// <summary>Waiting runs in order of (queued_at, run id), after <paramref name="after"/>, of which only these two count.</summary>
    Task<IReadOnlyList<QueuedRunRow>> ReadQueuedAsync(QueuedRunRow? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Every attempt that has not ended: exactly the occupied slots.</summary>
    Task<IReadOnlyList<OpenAttemptRow>> ReadOpenAttemptsAsync(CancellationToken cancellationToken = default);

    /// <summary>What attempts have used: those that ended after <paramref name="endedAfter"/>, in the order of their ends, then those that have not ended.</summary>
    Task<IReadOnlyList<AttemptUsageRow>> ReadAttemptUsageAsync(DateTimeOffset endedAfter, CancellationToken cancellationToken = default);

    /// <summary>Every lock that is held, by name and run.</summary>
    Task<IReadOnlyList<LockRow>> ReadLocksAsync(CancellationToken cancellationToken = default);

    /// <summary>Non-terminal runs whose next deadline is at or before <paramref name="now"/>, most overdue first.</summary>
    Task<IReadOnlyList<DueRunRow>> ReadDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs that ended after the checkpoint (last writer sequence read, by writer), in each writer's order. Sequences are
    /// per writer because a global one skips transactions that commit late. They grow in the order of commits; a number
    /// may be missing, where an end met a conflict.
    /// </summary>
    Task<IReadOnlyList<EndedRunRow>> ReadEndedAsync(IReadOnlyDictionary<int, long> checkpoint, int limit, CancellationToken cancellationToken = default);

    /// <summary>Adds a change of a rule of admission. False when another write of that version came first; then nothing is written.</summary>
    Task<bool> PutRuleAsync(RuleKind kind, RuleRow rule, CancellationToken cancellationToken = default);

    /// <summary>The last change of each rule of a kind, by name: also of those that were removed.</summary>
    Task<IReadOnlyList<RuleRow>> ReadRulesAsync(RuleKind kind, CancellationToken cancellationToken = default);

    /// <summary>The changes of one rule, the last first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<RuleRow>> ReadRuleHistoryAsync(RuleKind kind, string name, int limit, CancellationToken cancellationToken = default);

    /// <summary>Creates a schedule (version 1), or changes it from the version before. False when another write came first, or it is not there; then nothing is written.</summary>
    Task<bool> PutScheduleAsync(ScheduleRow schedule, CancellationToken cancellationToken = default);

    Task<ScheduleRow?> ReadScheduleAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>All schedules, by name.</summary>
    Task<IReadOnlyList<ScheduleRow>> ReadSchedulesAsync(CancellationToken cancellationToken = default);

    /// <summary>False when there is none of that name and incarnation.</summary>
    Task<bool> DeleteScheduleAsync(string name, Guid incarnation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates a batch (version 1), or writes it over the version before. False when its id or its caller's key is taken, when
    /// another write came first, or when it has ended; then nothing is written.
    /// </summary>
    Task<bool> PutBatchAsync(BatchRow batch, CancellationToken cancellationToken = default);

    Task<BatchRow?> ReadBatchAsync(Guid batch, CancellationToken cancellationToken = default);

    /// <summary>The batch that <paramref name="caller"/>'s key asked for, or null.</summary>
    Task<BatchRow?> ReadBatchAsync(string caller, string key, CancellationToken cancellationToken = default);

    /// <summary>Batches by id, the last first, without their failures; those before <paramref name="before"/>, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<BatchRow>> ReadBatchesAsync(Guid? before, int limit, CancellationToken cancellationToken = default);

    /// <summary>Batches that have not ended.</summary>
    Task<IReadOnlyList<Guid>> ReadOpenBatchesAsync(CancellationToken cancellationToken = default);

    /// <summary>Deletes batches that ended before <paramref name="endedBefore"/>, and returns how many. Writes nothing where there is none.</summary>
    Task<int> DeleteBatchesAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken = default);

    /// <summary>Writes this node's row: its address, capacity and lease. False, and nothing is written, once this process of the node was declared lost.</summary>
    Task<bool> PutNodeAsync(NodeRow node, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<NodeRow>> ReadNodesAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Keeps that a process of a node is lost, unless its row is of another one by now or its lease holds at
    /// <see cref="NodeLossRow.At"/>. The first word stands: a repeat changes nothing. What is kept is in the nodes' rows.
    /// </summary>
    Task DeclareNodeLostAsync(NodeLossRow loss, CancellationToken cancellationToken = default);

    /// <summary>
    /// The one path that deletes runs: those that ended before <paramref name="endedBefore"/>, with all their rows. One that
    /// may still be continued stays, one that another run continues (that one goes first), and one with an attempt that has
    /// not ended (a leaked one). Returns the runs deleted, at most <paramref name="limit"/>; call again while it is that many.
    /// </summary>
    Task<int> DeleteRunsAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken = default);

    /// <summary>Deletes at most <paramref name="limit"/> idempotency keys whose time is over, and returns how many. Writes nothing where there is none.</summary>
    Task<int> DeleteKeysAsync(int limit, CancellationToken cancellationToken = default);

    /// <summary>A cheap round trip, for readiness.</summary>
    Task PingAsync(CancellationToken cancellationToken = default);
}
