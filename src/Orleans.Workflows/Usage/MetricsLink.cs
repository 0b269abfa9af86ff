namespace Orleans.Workflows.Usage;

internal sealed class MetricsLink(IGrainFactory grains) : IMetricsLink
{
    public Task CatchUpAsync() => grains.GetGrain<IMetricsGrain>(0).GetTotalsAsync();
}
