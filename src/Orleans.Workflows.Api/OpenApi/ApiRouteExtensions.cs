using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Orleans.Workflows.Api.OpenApi;

/// <summary>Maps a route to a plain delegate, which costs nothing per request, and tells the document of it.</summary>
internal static class ApiRouteExtensions
{
    public static void MapApi(this IEndpointRouteBuilder routes, string method, string pattern, RequestDelegate handler, ApiOperation operation) =>
        routes.MapMethods(pattern, [method], handler)
            // The API explorer lists an endpoint only if it knows its method.
            .WithMetadata(handler.Method, operation)
            .WithDisplayName($"{method} {pattern}");
}
