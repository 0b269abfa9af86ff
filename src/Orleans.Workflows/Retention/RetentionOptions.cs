namespace Orleans.Workflows.Retention;

/// <summary>How long the ledger keeps what has ended. Idempotency keys always go once their own time (<c>Workflows:Runs:KeepKeys</c>) is over.</summary>
public sealed class RetentionOptions
{
    /// <summary>
    /// How long an ended run is kept with its history, usage, transcripts and audit. One that may still be continued, that
    /// another kept run continues, or whose processes are not proven gone, stays; and none goes before the usage totals hold
    /// it. Batches that have ended go after the same time. Default null: for ever.
    /// </summary>
    public TimeSpan? RunsAge { get; set; }

    /// <summary>Between two looks; the first is at start. Default 1 minute.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Runs deleted in one transaction, which other writes wait for. Default 200.</summary>
    public int RunsAtOnce { get; set; } = 200;

    /// <summary>Expired keys deleted in one period, in one transaction. Default 5,000.</summary>
    public int KeysAtOnce { get; set; } = 5_000;
}
