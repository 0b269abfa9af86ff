using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Ledger.Appending;

/// <param name="Existing">With <see cref="AppendStatus.KeyClaimed"/>: the claim that stands.</param>
/// <param name="Error">With <see cref="AppendStatus.Rejected"/>: what the database said.</param>
public sealed record AppendResult(AppendStatus Status, IdempotencyRow? Existing = null, string? Error = null)
{
    public static AppendResult Committed { get; } = new(AppendStatus.Committed);

    public bool IsCommitted => Status == AppendStatus.Committed;
}
