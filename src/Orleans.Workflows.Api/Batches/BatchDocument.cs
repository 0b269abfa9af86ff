using System.Text.Json;
using Orleans.Workflows.Batches;

namespace Orleans.Workflows.Api.Batches;

/// <summary>A batch.</summary>
public sealed record BatchDocument
{
    public required Guid Id { get; init; }

    public required BatchOperation Operation { get; init; }

    /// <summary>Which runs: the filter as it was given.</summary>
    public required JsonElement Filter { get; init; }

    public string? Reason { get; init; }

    public required string Caller { get; init; }

    public required string CorrelationId { get; init; }

    public required BatchStatus Status { get; init; }

    /// <summary>Runs that matched when it began; null before. Once it is completed, as many as it came to.</summary>
    public long? Matched { get; init; }

    /// <summary>Runs that took the command.</summary>
    public required long Done { get; init; }

    /// <summary>Runs that were already where the operation leads.</summary>
    public required long Skipped { get; init; }

    /// <summary>Runs that refused.</summary>
    public required long Failed { get; init; }

    /// <summary>The first 1,000 that refused, oldest first; null in a list.</summary>
    public BatchFailure[]? Failures { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Who stopped it.</summary>
    public string? CanceledBy { get; init; }

    public required long Version { get; init; }

    internal static BatchDocument From(BatchInfo info) => new()
    {
        Id = info.Id,
        Operation = info.Operation,
        Filter = JsonElement.Parse(info.Filter),
        Reason = info.Reason,
        Caller = info.Caller,
        CorrelationId = info.CorrelationId,
        Status = info.Status,
        Matched = info.Matched,
        Done = info.Done,
        Skipped = info.Skipped,
        Failed = info.Failed,
        Failures = info.Failures,
        CreatedAt = info.CreatedAt,
        UpdatedAt = info.UpdatedAt,
        EndedAt = info.EndedAt,
        CanceledBy = info.CanceledBy,
        Version = info.Version,
    };
}
