namespace Orleans.Workflows.Api.OpenApi;

/// <summary>An answer as the API's document tells it.</summary>
/// <param name="Shape">The JSON's type; null for other content.</param>
internal sealed record ApiAnswer(int Status, string Description, Type? Shape, string ContentType = "application/json");
