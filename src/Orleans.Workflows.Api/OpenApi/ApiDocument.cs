using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Api.Runs;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.OpenApi;

/// <summary>Writes each route's <see cref="ApiOperation"/> into the OpenAPI document.</summary>
internal sealed class ApiDocument : IOpenApiOperationTransformer, IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Orleans.Workflows",
            Version = "v1",
            Description = "Durable, supervised, measured runs of coding agents. Every error is an RFC 9457 problem with code, field and remedy; every answer carries X-Correlation-Id. Unknown is null; bodies are at most 4 MB; unknown fields and parameters are refused.",
        };
        document.Servers = [];
        return Task.CompletedTask;
    }

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiOperation>().FirstOrDefault() is not { } told)
        {
            return;
        }

        operation.OperationId = told.Id;
        operation.Summary = told.Summary;
        operation.Description = told.Description;
        operation.Tags = new HashSet<OpenApiTagReference> { new(told.Tag, context.Document) };
        operation.Parameters = [.. told.Parameters.Append(ApiParameter.Correlation).Select(parameter => new OpenApiParameter
        {
            Name = parameter.Name,
            In = parameter.In,
            Description = parameter.Description,
            Required = parameter.Required,
            Schema = parameter.Schema,
        })];
        if (told.Body is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !told.BodyOptional,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = await SchemaAsync(body, context, cancellationToken) } },
            };
        }

        operation.Responses = [];
        foreach (var answers in told.Answers.GroupBy(answer => answer.Status))
        {
            var response = new OpenApiResponse { Description = string.Join(" ", answers.Select(answer => answer.Description)), Content = new Dictionary<string, OpenApiMediaType>() };
            foreach (var answer in answers.Where(answer => answer.ContentType.Length > 0))
            {
                response.Content[answer.ContentType] = new()
                {
                    Schema = answer.Shape is { } shape ? await SchemaAsync(shape, context, cancellationToken) : new OpenApiSchema { Type = JsonSchemaType.String },
                };
            }

            operation.Responses[answers.Key.ToString()] = response;
        }

        foreach (var status in told.Problems.Concat([400, 500, 503]))
        {
            operation.Responses[status.ToString()] = new OpenApiResponse
            {
                Description = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemExtensions.ContentType] = new() { Schema = await SchemaAsync(typeof(ProblemDocument), context, cancellationToken) },
                },
            };
        }
    }

    private static async Task<IOpenApiSchema> SchemaAsync(Type type, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        // A run's answer is written as one object out of two.
        if (type == typeof(RunInfo))
        {
            return new OpenApiSchema
            {
                AllOf = [await ComponentAsync(typeof(RunInfo), context, cancellationToken), await ComponentAsync(typeof(RunSurroundings), context, cancellationToken)],
            };
        }

        return await ComponentAsync(type, context, cancellationToken);
    }

    private static async Task<IOpenApiSchema> ComponentAsync(Type type, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var name = type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}Of{type.GenericTypeArguments[0].Name}" : type.Name;
        if (context.Document!.Components?.Schemas?.ContainsKey(name) != true)
        {
            var schema = await context.GetOrCreateSchemaAsync(type, null, cancellationToken);
            ApiLimits.Tell(type, schema);
            context.Document.AddComponent(name, schema);
        }

        return new OpenApiSchemaReference(name, context.Document);
    }
}
