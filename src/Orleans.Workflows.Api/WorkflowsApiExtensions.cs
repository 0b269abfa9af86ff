using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Api.Batches;
using Orleans.Workflows.Api.Cleanup;
using Orleans.Workflows.Api.Health;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Api.Holds;
using Orleans.Workflows.Api.Limits;
using Orleans.Workflows.Api.Locks;
using Orleans.Workflows.Api.Metrics;
using Orleans.Workflows.Api.Nodes;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Api.Queues;
using Orleans.Workflows.Api.Requests;
using Orleans.Workflows.Api.Runs;
using Orleans.Workflows.Api.Schedules;
using Orleans.Workflows.Api.Workflows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api;

/// <summary>The REST API over an engine in the same host.</summary>
public static class WorkflowsApiExtensions
{
    /// <summary>Where the API is.</summary>
    public const string Prefix = "/api/v1";

    /// <summary>Adds what the API needs beside the engine (<c>AddOrleansWorkflows</c>).</summary>
    public static IServiceCollection AddWorkflowsApi(this IServiceCollection services)
    {
        services.Configure<JsonOptions>(options =>
        {
            // These describe the document only; bodies are read and written by their own contexts.
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, RequestJson.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            foreach (var converter in ApiJson.Default.Options.Converters)
            {
                options.SerializerOptions.Converters.Add(converter);
            }
        });
        services.AddOpenApi("v1", options =>
        {
            options.ShouldInclude = route => route.ActionDescriptor.EndpointMetadata.OfType<ApiOperation>().Any();
            options.AddOperationTransformer<ApiDocument>().AddDocumentTransformer<ApiDocument>();
        });
        services.AddSingleton<RunAnswers>();
        services.AddSingleton<RunReads>();
        return services;
    }

    /// <summary>Gives every answer its correlation id and every error its problem, and refuses names that are not the service's. Call it first.</summary>
    public static IApplicationBuilder UseWorkflowsApi(this IApplicationBuilder app, AllowedHosts hosts) => app.UseMiddleware<ApiEdge>(hosts);

    /// <summary>Maps the routes under <see cref="Prefix"/>, and <c>/openapi/v1.json</c>.</summary>
    public static IEndpointRouteBuilder MapWorkflowsApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Prefix);
        Create<RunsEndpoints>(routes).Map(api);
        Create<RunCommandsEndpoints>(routes).Map(api);
        Create<RunEventsEndpoints>(routes).Map(api);
        Create<TranscriptEndpoints>(routes).Map(api);
        Create<WorkflowsEndpoints>(routes).Map(api);
        Create<QueuesEndpoints>(routes).Map(api);
        Create<LimitsEndpoints>(routes).Map(api);
        Create<LocksEndpoints>(routes).Map(api);
        Create<HoldsEndpoints>(routes).Map(api);
        Create<SchedulesEndpoints>(routes).Map(api);
        Create<BatchesEndpoints>(routes).Map(api);
        Create<NodesEndpoints>(routes).Map(api);
        Create<MetricsEndpoints>(routes).Map(api);
        Create<CleanupEndpoints>(routes).Map(api);
        Create<HealthEndpoints>(routes).Map(api);
        routes.MapOpenApi();
        return routes;
    }

    /// <summary>Maps the health routes alone; whatever else is asked is refused (421) with where to ask it.</summary>
    public static IEndpointRouteBuilder MapWorkflowsHealth(this IEndpointRouteBuilder routes)
    {
        Create<HealthEndpoints>(routes).Map(routes.MapGroup(Prefix));
        routes.MapFallback("{**path}", static context => context.RefuseAsync(StatusProblems.Misdirected()));
        return routes;
    }

    // Once, so that no request pays for a scope.
    private static T Create<T>(IEndpointRouteBuilder routes) => ActivatorUtilities.CreateInstance<T>(routes.ServiceProvider);
}
