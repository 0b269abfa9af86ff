using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Api.Requests;

namespace Orleans.Workflows.Api.OpenApi;

/// <summary>Maps a route to a plain delegate, which costs nothing per request, and tells the document of it.</summary>
internal static class ApiRouteExtensions
{
    /// <summary>Query parameters that <paramref name="operation"/> does not tell of are refused.</summary>
    public static void MapApi(this IEndpointRouteBuilder routes, string method, string pattern, RequestDelegate handler, ApiOperation operation)
    {
        string[] known = [.. operation.Parameters.Where(parameter => parameter.In == ParameterLocation.Query).Select(parameter => parameter.Name)];
        RequestDelegate strict = context => QueryReader.FindUnknown(context.Request, known) is { } unknown ? context.RefuseAsync(unknown) : handler(context);
        routes.MapMethods(pattern, [method], strict)
            // The API explorer lists an endpoint only if it knows its method.
            .WithMetadata(handler.Method, operation)
            .WithDisplayName($"{method} {pattern}");
    }
}
