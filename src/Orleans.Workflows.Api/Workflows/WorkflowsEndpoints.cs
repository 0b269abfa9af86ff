using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Api.Workflows;

/// <summary>What can be started.</summary>
internal sealed class WorkflowsEndpoints(WorkflowCatalog catalog)
{
    private const string Tag = "workflows";

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapApi("GET", "/workflows", ListAsync, new() { Id = "listWorkflows", Tag = Tag, Summary = "The workflows, and what is wrong with their folders", Answers = [new(200, "By name.", typeof(WorkflowListDocument))] });
        api.MapApi("POST", "/workflows/reload", ReloadAsync, new()
        {
            Id = "reloadWorkflows",
            Tag = Tag,
            Summary = "Reads the folders again",
            Description = "Changes are picked up by themselves as well. Only this node's folders.",
            Answers = [new(200, "By name.", typeof(WorkflowListDocument))],
        });
        api.MapApi("GET", "/workflows/{name}", ShowAsync, new()
        {
            Id = "getWorkflow",
            Tag = Tag,
            Summary = "A workflow",
            Parameters = [new("name", Microsoft.OpenApi.ParameterLocation.Path, "Its name.", new() { Type = Microsoft.OpenApi.JsonSchemaType.String, MaxLength = 63 }, Required: true)],
            Answers = [new(200, "The workflow.", typeof(WorkflowDocument))],
            Problems = [404],
        });
    }

    private Task ListAsync(HttpContext context) => AnswerAsync(context, catalog.Current);

    private async Task ReloadAsync(HttpContext context) => await AnswerAsync(context, await catalog.ReloadAsync(context.RequestAborted));

    private Task ShowAsync(HttpContext context)
    {
        var workflow = catalog.Find((string)context.Request.RouteValues["name"]!, out var failure);
        return workflow is null
            ? context.RefuseAsync((failure ?? Failure.NotFound("There is no such workflow.", "List the workflows.")) with { Field = "name" })
            : context.Response.WriteAsJsonAsync(WorkflowDocument.From(workflow, catalog.Current), ApiJson.Answers.WorkflowDocument, cancellationToken: context.RequestAborted);
    }

    private static Task AnswerAsync(HttpContext context, CatalogSnapshot snapshot) =>
        context.Response.WriteAsJsonAsync(WorkflowListDocument.From(snapshot), ApiJson.Answers.WorkflowListDocument, cancellationToken: context.RequestAborted);
}
