using System.Text.Json;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Batches;

/// <summary>A batch's record with its JSON read.</summary>
internal sealed record BatchState
{
    public required BatchRow Row { get; init; }

    public required BatchOperation Operation { get; init; }

    public required RunFilter Filter { get; init; }

    public required BatchStatus Status { get; init; }

    /// <summary>Runs of the page that is being asked, in the order of acceptance.</summary>
    public RunId[] Pending { get; init; } = [];

    /// <summary>The first that refused.</summary>
    public BatchFailure[] Failures { get; init; } = [];

    public static BatchState From(BatchRow row) => new()
    {
        Row = row,
        Operation = Enum.Parse<BatchOperation>(row.Operation),
        Filter = JsonSerializer.Deserialize(row.Filter, BatchJson.Default.RunFilter)!,
        Status = Enum.Parse<BatchStatus>(row.Status),
        Pending = [.. JsonSerializer.Deserialize(row.Pending, BatchJson.Default.GuidArray)!.Select(id => new RunId(id))],
        Failures = JsonSerializer.Deserialize(row.Failures, BatchJson.Default.BatchFailureArray)!,
    };

    /// <summary>The record's next version.</summary>
    public BatchRow ToRow(DateTimeOffset now) => Row with
    {
        Version = Row.Version + 1,
        Status = Status.ToString(),
        Pending = JsonSerializer.Serialize([.. Pending.Select(run => run.Value)], BatchJson.Default.GuidArray),
        Failures = JsonSerializer.Serialize(Failures, BatchJson.Default.BatchFailureArray),
        UpdatedAt = now,
        EndedAt = Status == BatchStatus.Running ? null : now,
    };

    public BatchInfo ToInfo() => new()
    {
        Id = Row.Id,
        Operation = Operation,
        Filter = Row.Filter,
        Reason = Row.Reason,
        Caller = Row.Caller,
        CorrelationId = Row.CorrelationId,
        Status = Status,
        Matched = Row.Matched,
        Done = Row.Done,
        Skipped = Row.Skipped,
        Failed = Row.Failed,
        Failures = Failures,
        CreatedAt = Row.CreatedAt,
        UpdatedAt = Row.UpdatedAt,
        EndedAt = Row.EndedAt,
        CanceledBy = Row.CanceledBy,
        Version = Row.Version,
    };
}
