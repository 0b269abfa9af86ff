namespace Orleans.Workflows.Watching;

/// <summary>The scans that wake what is overdue.</summary>
public sealed class WatchingOptions
{
    /// <summary>How often the ledger is asked what is overdue. Default 5 s.</summary>
    public TimeSpan ScanPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Runs woken in one scan. Default 500.</summary>
    public int ScanLimit { get; set; } = 500;
}
