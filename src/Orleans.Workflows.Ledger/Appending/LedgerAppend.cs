using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Ledger.Appending;

/// <summary>
/// One step of one run: its new state and everything that becomes true with it. All or nothing. A conflict on the run's
/// version, on the admission epoch or on the idempotency key writes nothing at all.
/// </summary>
public sealed record LedgerAppend
{
    /// <summary>Names this append for ever, so that a lost COMMIT answer can be resolved by re-reading.</summary>
    public Guid AppendId { get; init; } = Guid.NewGuid();

    /// <summary>The new state. Version 1 inserts; N updates the row at version N − 1.</summary>
    public required RunRow Run { get; init; }

    /// <summary>Set on a claim of a slot: the append fails unless it is the current admission epoch.</summary>
    public long? AdmissionEpoch { get; init; }

    /// <summary>
    /// The attempt to insert (first time its number is seen) or update. Its identity (node, queue, claimed at) is written
    /// once and ignored later. An attempt may end only when the run's new state no longer names it as open.
    /// </summary>
    public AttemptRow? Attempt { get; init; }

    /// <summary>The attempt is new: insert it, and fail if one is open.</summary>
    public bool NewAttempt { get; init; }

    public EventBatchRow? Events { get; init; }

    /// <summary>Of several entries of one message id only the last is kept.</summary>
    public IReadOnlyList<UsageRow> Usage { get; init; } = [];

    public IReadOnlyList<TranscriptChunk> Transcript { get; init; } = [];

    /// <summary>Commands to insert, or, when handled, to update by id; a repeated one that is not handled is a no-op.</summary>
    public IReadOnlyList<CommandRow> Commands { get; init; } = [];

    /// <summary>The key to claim; only with version 1.</summary>
    public IdempotencyRow? Idempotency { get; init; }

    public IReadOnlyList<AuditRow> Audit { get; init; } = [];

    /// <summary>Locks that the new attempt is started under: taken, or kept with its number and token. Fails where one is not free.</summary>
    public IReadOnlyList<LockRow> Locks { get; init; } = [];

    /// <summary>The run's locks become free, though it has not ended. Its end frees them anyway.</summary>
    public bool ReleasesLocks { get; init; }
}
