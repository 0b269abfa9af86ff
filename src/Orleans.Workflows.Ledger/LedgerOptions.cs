namespace Orleans.Workflows.Ledger;

/// <summary>Which database, and how the writer gathers.</summary>
public sealed class LedgerOptions
{
    /// <summary><c>sqlite</c> (default) or <c>postgresql</c>.</summary>
    public string Provider { get; set; } = "sqlite";

    /// <summary>ADO.NET connection string. For SQLite, <c>Data Source=PATH</c>.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The stable id of this node; names the writer.</summary>
    public string Node { get; set; } = "";

    /// <summary>Most appends in one transaction. Default 256.</summary>
    public int MaxBatch { get; set; } = 256;

    /// <summary>Appends that may wait for the writer before <c>AppendAsync</c> itself waits. Default 4,096.</summary>
    public int MaxPending { get; set; } = 4096;

    /// <summary>Batches that may be in flight at once, on own connections (PostgreSQL). Default 1: on two cores a second one doubles the server's CPU a run and slows both.</summary>
    public int MaxInFlight { get; set; } = 1;

    /// <summary>Bytes of transcript that may wait for the writer. Default 64 MB.</summary>
    public long MaxPendingBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Bytes of transcript and events in one transaction; one larger append still goes alone. Default 8 MB.</summary>
    public long MaxBatchBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// How long an append keeps trying while the database is away or does not answer, or waits for room before the writer,
    /// before it raises <see cref="LedgerUnavailableException"/>. Default 15 s: below the 30 s after which a grain call times
    /// out. One try may take a third of it (PostgreSQL), so that the last one ends at four thirds; a session that its node
    /// left in the middle of something ends after about as long.
    /// </summary>
    public TimeSpan UnavailableAfter { get; set; } = TimeSpan.FromSeconds(15);
}
