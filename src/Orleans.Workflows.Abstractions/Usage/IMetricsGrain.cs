namespace Orleans.Workflows.Usage;

/// <summary>
/// Totals over ended runs, by workflow; one per cluster (key 0). It pulls from the ledger behind a durable checkpoint, so a
/// crash counts nothing twice and loses nothing. A read first catches up.
/// </summary>
[Alias("metrics-grain")]
public interface IMetricsGrain : IGrainWithIntegerKey
{
    [Alias("totals")]
    Task<IReadOnlyList<UsageTotals>> GetTotalsAsync();
}
