using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>The statements of the table <c>batches</c>.</summary>
internal static class Batches
{
    public const string Select = $"select {Before}, failures, {After}";

    /// <summary>Without what is long.</summary>
    public const string SelectShort = $"select {Before}, '[]', {After}";

    public const string Insert =
        $"""
        insert into batches ({Before}, failures, created_at, updated_at, ended_at, canceled_by)
        values (@id, @version, @operation, @filter, @reason, @caller, @correlation, @key, @status, @more, @pending, @matched,
          @done, @skipped, @failed, @failures, @created, @updated, @ended, @canceledBy)
        on conflict do nothing
        """;

    public const string Update =
        """
        update batches set version = @version, status = @status, more_after = @more, pending = @pending, matched = @matched, done = @done,
          skipped = @skipped, failed = @failed, failures = @failures, updated_at = @updated, ended_at = @ended, canceled_by = @canceledBy
        where id = @id and version = @version - 1 and ended_at is null
        """;

    private const string Before =
        "id, version, operation, filter, reason, caller, correlation_id, idempotency_key, status, more_after, pending, matched, done, skipped, failed";

    private const string After = "created_at, updated_at, ended_at, canceled_by from batches";

    public static BatchRow Read(RowReader row) => new()
    {
        Id = row.Guid(),
        Version = row.Long(),
        Operation = row.String(),
        Filter = row.String(),
        Reason = row.StringOrNull(),
        Caller = row.String(),
        CorrelationId = row.String(),
        IdempotencyKey = row.StringOrNull(),
        Status = row.String(),
        MoreAfter = row.GuidOrNull(),
        Pending = row.String(),
        Matched = row.LongOrNull(),
        Done = row.Long(),
        Skipped = row.Long(),
        Failed = row.Long(),
        Failures = row.String(),
        CreatedAt = row.Time(),
        UpdatedAt = row.Time(),
        EndedAt = row.TimeOrNull(),
        CanceledBy = row.StringOrNull(),
    };

    public static (string, object?)[] Parameters(BatchRow row) =>
    [
        ("@id", row.Id), ("@version", row.Version), ("@operation", row.Operation), ("@filter", row.Filter), ("@reason", row.Reason),
        ("@caller", row.Caller), ("@correlation", row.CorrelationId), ("@key", row.IdempotencyKey), ("@status", row.Status),
        ("@more", row.MoreAfter), ("@pending", row.Pending), ("@matched", row.Matched), ("@done", row.Done), ("@skipped", row.Skipped),
        ("@failed", row.Failed), ("@failures", row.Failures), ("@created", row.CreatedAt), ("@updated", row.UpdatedAt),
        ("@ended", row.EndedAt), ("@canceledBy", row.CanceledBy),
    ];
}
