namespace Orleans.Workflows.Api.Json;

/// <summary>A list that is always whole.</summary>
public sealed record ListDocument<T>(IReadOnlyList<T> Items);
