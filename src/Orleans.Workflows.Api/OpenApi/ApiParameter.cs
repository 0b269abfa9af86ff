using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Orleans.Workflows.Api.OpenApi;

/// <summary>A parameter as the API's document tells it. The endpoint itself checks it.</summary>
internal sealed record ApiParameter(string Name, ParameterLocation In, string Description, OpenApiSchema Schema, bool Required = false)
{
    public static ApiParameter Run { get; } =
        new("id", ParameterLocation.Path, "The run's id.", new() { Type = JsonSchemaType.String, Format = "uuid" }, Required: true);

    public static ApiParameter Caller { get; } =
        Header(Requests.RequestCaller.CallerHeader, "Who asks; 'anonymous' when left out. Visible ASCII.", Requests.RequestCaller.CallerLimit);

    public static ApiParameter Key { get; } = Header(
        Requests.RequestCaller.KeyHeader,
        "Makes a repeat safe: the same key from the same caller within 24 h gives what the first request did; with another body 422. Visible ASCII.",
        Requests.RequestCaller.KeyLimit);

    public static ApiParameter Correlation { get; } =
        Header(Requests.CorrelationId.Header, "Ties the request to the caller's own records; minted when left out or unsafe, and echoed on every answer.", Requests.CorrelationId.Limit);

    public static ApiParameter Trace { get; } = Header("traceparent", "W3C trace context; kept with the run and echoed when valid, ignored when not.", 256);

    public static ApiParameter Text(string name, string description) =>
        new(name, ParameterLocation.Query, description, new() { Type = JsonSchemaType.String, MaxLength = 512 });

    public static ApiParameter Formatted(string name, string format, string description) =>
        new(name, ParameterLocation.Query, description, new() { Type = JsonSchemaType.String, Format = format });

    public static ApiParameter Number(string name, long from, long to, long? standard, string description) => new(name, ParameterLocation.Query, description, new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Minimum = from.ToString(),
        Maximum = to.ToString(),
        Default = standard is { } value ? JsonValue.Create(value) : null,
    });

    public static ApiParameter Flag(string name, bool? standard, string description) =>
        new(name, ParameterLocation.Query, description, new() { Type = JsonSchemaType.Boolean, Default = standard is { } value ? JsonValue.Create(value) : null });

    public static ApiParameter Choice(string name, string? standard, string description, params IEnumerable<string> choices) =>
        new(name, ParameterLocation.Query, description, Choices(standard, choices));

    public static ApiParameter ManyChoices(string name, string description, params IEnumerable<string> choices) =>
        new(name, ParameterLocation.Query, description, new() { Type = JsonSchemaType.Array, Items = Choices(null, choices) });

    public static ApiParameter ManyTexts(string name, string description) =>
        new(name, ParameterLocation.Query, description, new() { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } });

    private static ApiParameter Header(string name, string description, int limit) =>
        new(name, ParameterLocation.Header, description, new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = limit });

    private static OpenApiSchema Choices(string? standard, IEnumerable<string> choices) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. choices.Select(choice => (JsonNode)JsonValue.Create(choice))],
        Default = standard is null ? null : JsonValue.Create(standard),
    };
}
