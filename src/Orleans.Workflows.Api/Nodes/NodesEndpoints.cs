using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Nodes;

namespace Orleans.Workflows.Api.Nodes;

/// <summary>Which machines there are, and how busy they are.</summary>
internal sealed class NodesEndpoints(NodeStore nodes)
{
    public void Map(IEndpointRouteBuilder api) => api.MapApi("GET", "/nodes", ListAsync, new()
    {
        Id = "listNodes",
        Tag = "nodes",
        Summary = "The nodes",
        Description = "Every node that ever served this database; one that stopped in order or was lost says so.",
        Answers = [new(200, "By name.", typeof(ListDocument<NodeInfo>))],
    });

    private async Task ListAsync(HttpContext context) =>
        await context.Response.WriteAsJsonAsync(new(await nodes.ListAsync(context.RequestAborted)), ApiJson.Answers.ListDocumentNodeInfo, cancellationToken: context.RequestAborted);
}
