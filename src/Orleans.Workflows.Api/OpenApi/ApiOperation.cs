namespace Orleans.Workflows.Api.OpenApi;

/// <summary>What the API's document tells of one route; kept beside the route's handler.</summary>
internal sealed record ApiOperation
{
    public required string Id { get; init; }

    public required string Tag { get; init; }

    public required string Summary { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>The request body's type, or null.</summary>
    public Type? Body { get; init; }

    public bool BodyOptional { get; init; }

    public IReadOnlyList<ApiAnswer> Answers { get; init; } = [];

    /// <summary>Statuses answered with a problem, beside 400, 500 and 503.</summary>
    public IReadOnlyList<int> Problems { get; init; } = [];
}
