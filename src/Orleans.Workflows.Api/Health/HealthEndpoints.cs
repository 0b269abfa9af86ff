using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Runtime;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Nodes;

namespace Orleans.Workflows.Api.Health;

/// <summary>For probes: live says that the process answers, ready that it can take runs.</summary>
internal sealed class HealthEndpoints(ISiloStatusOracle silo, ILedger ledger, NodeLeaseService lease, TimeProvider time)
{
    private const string Tag = "health";
    private readonly LedgerHealth _ledger = new(ledger, lease, time);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapApi("GET", "/health/live", LiveAsync, new() { Id = "live", Tag = Tag, Summary = "Whether the process answers", Answers = [new(200, "It does.", typeof(HealthDocument))] });
        api.MapApi("GET", "/health/ready", ReadyAsync, new()
        {
            Id = "ready",
            Tag = Tag,
            Summary = "Whether it can take runs: its silo is active and its database answers and takes writes",
            Description = "503 (not_ready) otherwise.",
            Answers = [new(200, "It can.", typeof(HealthDocument))],
        });
    }

    private Task LiveAsync(HttpContext context) =>
        context.Response.WriteAsJsonAsync(new("live", null, null), ApiJson.Answers.HealthDocument, cancellationToken: context.RequestAborted);

    private async Task ReadyAsync(HttpContext context)
    {
        var status = silo.CurrentStatus;
        var fault = await _ledger.FaultAsync();
        if (status == SiloStatus.Active && fault is null)
        {
            await context.Response.WriteAsJsonAsync(new("ready", "active", "ok"), ApiJson.Answers.HealthDocument, cancellationToken: context.RequestAborted);
            return;
        }

        await context.RefuseAsync(Failure.Unavailable(fault is null ? $"The silo is {status}." : $"The database {fault}.", TimeSpan.FromSeconds(2)) with { Code = "not_ready", Remedy = "Ask again; the log says more." });
    }
}
