using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.OpenApi;

namespace Orleans.Workflows.Api.Locks;

/// <summary>Who holds what, and who waits for it.</summary>
internal sealed class LocksEndpoints(IGrainFactory grains)
{
    public void Map(IEndpointRouteBuilder api) => api.MapApi("GET", "/locks", ListAsync, new()
    {
        Id = "listLocks",
        Tag = "locks",
        Summary = "The locks that runs hold or wait for",
        Description = "A run takes all the locks that it asks for with its first start, and keeps them to its end. Its attempts have a fencing token in their environment.",
        Answers = [new(200, "By name.", typeof(ListDocument<LockInfo>))],
    });

    private async Task ListAsync(HttpContext context) =>
        await context.Response.WriteAsJsonAsync(new(await grains.GetGrain<IAdmissionGrain>(0).GetLocksAsync()), ApiJson.Answers.ListDocumentLockInfo, cancellationToken: context.RequestAborted);
}
