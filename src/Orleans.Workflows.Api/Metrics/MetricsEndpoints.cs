using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Api.Metrics;

/// <summary>Sums over ended runs.</summary>
internal sealed class MetricsEndpoints(IGrainFactory grains)
{
    public void Map(IEndpointRouteBuilder api) => api.MapApi("GET", "/metrics/totals", TotalsAsync, new()
    {
        Id = "getTotals",
        Tag = "metrics",
        Summary = "Totals of ended runs by workflow",
        Description = "It first catches up with every run that ended before. A sum with incomplete runs is a lower bound.",
        Answers = [new(200, "A line a workflow.", typeof(ListDocument<UsageTotals>))],
    });

    private async Task TotalsAsync(HttpContext context) =>
        await context.Response.WriteAsJsonAsync(new(await grains.GetGrain<IMetricsGrain>(0).GetTotalsAsync()), ApiJson.Answers.ListDocumentUsageTotals, cancellationToken: context.RequestAborted);
}
