using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Api.OpenApi;
using Orleans.Workflows.Api.Tests.Running;
using System.Text.Json;

namespace Orleans.Workflows.Api.Tests.OpenApi;

[Collection(ServerCollection.Name)]
public sealed class OpenApiTests(ServerFixture server)
{
    [Fact]
    public async Task The_document_lists_every_mapped_route_with_its_answers_and_the_problem()
    {
        var json = JsonElement.Parse(await server.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken));
        var paths = json.GetProperty("paths");
        var routes = server.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal)).ToArray();
        Assert.Equal(50, routes.Length);
        Assert.Equal(routes.Length, paths.EnumerateObject().Sum(path => path.Value.EnumerateObject().Count()));
        foreach (var route in routes)
        {
            var method = route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single().ToLowerInvariant();
            var operation = paths.GetProperty("/" + route.RoutePattern.RawText!.TrimStart('/')).GetProperty(method);
            Assert.Equal(route.Metadata.GetMetadata<ApiOperation>()!.Id, operation.GetProperty("operationId").GetString());
            Assert.True(operation.GetProperty("responses").TryGetProperty("500", out _));
            Assert.Contains(operation.GetProperty("parameters").EnumerateArray(), parameter => parameter.GetProperty("name").GetString() == "X-Correlation-Id");
        }

        var schemas = json.GetProperty("components").GetProperty("schemas");
        foreach (var field in new[] { "type", "title", "status", "detail", "code", "field", "remedy", "retryable", "correlationId" })
        {
            Assert.True(schemas.GetProperty("ProblemDocument").GetProperty("properties").TryGetProperty(field, out _), field);
        }

        var turns = schemas.GetProperty("StartRunRequest").GetProperty("properties").GetProperty("maxTurns");
        Assert.Equal((1, 1000), (turns.GetProperty("minimum").GetInt32(), turns.GetProperty("maximum").GetInt32()));
        Assert.True(schemas.GetProperty("RunInfo").GetProperty("properties").TryGetProperty("wallMs", out _));
    }
}
