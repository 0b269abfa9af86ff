namespace Orleans.Workflows.Usage;

/// <summary>Reaches the cluster's totals.</summary>
internal interface IMetricsLink
{
    /// <summary>Has them hold, durably, every run whose end was committed before the call.</summary>
    Task CatchUpAsync();
}
