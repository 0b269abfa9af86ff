namespace Orleans.Workflows.TestKit.Postgres;

/// <summary>How a server is stopped.</summary>
public enum PostgresStop
{
    /// <summary>Ends the sessions, writes a checkpoint: nothing is left to recover.</summary>
    Fast = 0,

    /// <summary>Ends at once, like a crash: the next start recovers from the write-ahead log.</summary>
    Immediate = 1,
}
