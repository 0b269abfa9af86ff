using System.Text.Json;
using Orleans.Workflows.Batches;

namespace Orleans.Workflows.Cli.Client;

/// <summary>A batch, as far as it is shown.</summary>
internal sealed record BatchListing
{
    public Guid Id { get; init; }

    public BatchOperation Operation { get; init; }

    public JsonElement? Filter { get; init; }

    public string? Reason { get; init; }

    public string? Caller { get; init; }

    public BatchStatus Status { get; init; }

    public long? Matched { get; init; }

    public long Done { get; init; }

    public long Skipped { get; init; }

    public long Failed { get; init; }

    public IReadOnlyList<BatchFailure>? Failures { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? CanceledBy { get; init; }
}
