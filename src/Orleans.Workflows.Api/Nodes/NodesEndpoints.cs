using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Api.Requests;
using Orleans.Workflows.Api.Runs;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Nodes;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Nodes;

/// <summary>Which machines there are, how busy they are, and which will not return.</summary>
internal sealed partial class NodesEndpoints(NodeStore nodes, ILogger<NodesEndpoints> logger)
{
    private const string Tag = "nodes";

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapApi("GET", "/nodes", ListAsync, new()
        {
            Id = "listNodes",
            Tag = Tag,
            Summary = "The nodes",
            Description = "Every node that ever served this database; one that stopped in order or was lost says so.",
            Answers = [new(200, "By name.", typeof(ListDocument<NodeInfo>))],
        });
        api.MapApi("POST", "/nodes/{name}/lost", DeclareLostAsync, new()
        {
            Id = "declareNodeLost",
            Tag = Tag,
            Summary = "Declares that a node's machine is off and will not return",
            Description = "Its runs get another attempt elsewhere at once, instead of after the adoption window. 409 node_alive while its server may live. A repeat changes nothing more.",
            Parameters = [new("name", Microsoft.OpenApi.ParameterLocation.Path, "Its name.", new() { Type = Microsoft.OpenApi.JsonSchemaType.String }, Required: true)],
            Body = typeof(NodeLossRequest),
            Answers = [new(200, "What became of its runs.", typeof(NodeLossDocument))],
            Problems = [400, 404, 409, 413, 415],
        });
    }

    private async Task ListAsync(HttpContext context) =>
        await context.Response.WriteAsJsonAsync(new(await nodes.ListAsync(context.RequestAborted)), ApiJson.Answers.ListDocumentNodeInfo, cancellationToken: context.RequestAborted);

    private async Task DeclareLostAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context.Request, ApiJson.Default.NodeLossRequest);
        if (body.Problem is not null)
        {
            await context.RefuseAsync(body.Problem);
            return;
        }

        var (caller, failure) = RequestCaller.Read(context);
        if ((failure ?? Check(body.Value!)) is { } refusal)
        {
            await context.RefuseAsync(refusal);
            return;
        }

        var name = (string)context.Request.RouteValues["name"]!;
        var result = await nodes.DeclareLostAsync(name, body.Value!.Reason, caller, context.RequestAborted);
        if (result.Failure is not null)
        {
            await context.RefuseAsync(result.Failure);
            return;
        }

        LogDeclared(name, caller.Caller, body.Value.Reason, result.Taken.Count, result.Leaked.Count, result.Pending.Count);
        await context.Response.WriteAsJsonAsync(new(result.Node!, result.Taken, result.Leaked, result.Pending), ApiJson.Answers.NodeLossDocument, cancellationToken: context.RequestAborted);
    }

    private static Failure? Check(NodeLossRequest asked) => asked switch
    {
        { MachineIsOff: false } => Failure.Invalid("machineIsOff", "A node whose machine may be on can't be declared lost: its agents may go on.", "Switch the machine off and say true, or wait for the adoption window."),
        { Reason: var reason } when string.IsNullOrWhiteSpace(reason) => Failure.Invalid("reason", "The reason is empty.", "Say why the machine will not return."),
        _ => RunRequests.CheckText("reason", asked.Reason, RunCommandsEndpoints.ReasonLimit),
    };

    [LoggerMessage(LogLevel.Warning, "Node {Node} was declared lost by {Caller} ({Reason}): {Taken} runs were taken from it, {Leaked} stay until they are released, {Pending} are yet to be told.")]
    private partial void LogDeclared(string node, string caller, string reason, int taken, int leaked, int pending);
}
