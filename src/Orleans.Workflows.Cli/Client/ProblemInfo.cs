using System.Net;

namespace Orleans.Workflows.Cli.Client;

/// <summary>An RFC 9457 problem as the server tells it. A body that is none still gives the status.</summary>
internal sealed record ProblemInfo
{
    public HttpStatusCode Status { get; init; }

    public string? Title { get; init; }

    public string? Detail { get; init; }

    public string? Code { get; init; }

    public string? Field { get; init; }

    public string? Remedy { get; init; }

    public string? CorrelationId { get; init; }
}
