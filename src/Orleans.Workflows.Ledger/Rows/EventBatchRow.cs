using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Rows;

/// <summary>
/// Consecutive events of a run, kept as one append-only row: a JSON array whose first element has number
/// <see cref="FirstSeq"/>. One append makes at most one row, so 1,000 events of a burst cost one insert.
/// </summary>
/// <param name="Events">UTF-8 JSON array of <paramref name="Count"/> objects, each with <c>type</c>. U+0000 must be escaped.</param>
public sealed record EventBatchRow(RunId Run, long FirstSeq, int Count, DateTimeOffset At, int? Attempt, ReadOnlyMemory<byte> Events)
{
    public long LastSeq => FirstSeq + Count - 1;
}
