using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Writing;

/// <summary>An append between its caller and the writer.</summary>
internal sealed class PendingAppend(LedgerAppend append, long bytes, long enqueuedAt)
{
    private readonly TaskCompletionSource<AppendResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LedgerAppend Append => append;

    public RunId Run => append.Run.Id;

    /// <summary>What it holds in the buffer.</summary>
    public long Bytes => bytes;

    /// <summary>A <see cref="TimeProvider"/> timestamp.</summary>
    public long EnqueuedAt => enqueuedAt;

    /// <summary>An earlier try may have been committed without our hearing of it.</summary>
    public bool InDoubt { get; set; }

    /// <summary>Where an end stands among its batch's ends; null for any other append.</summary>
    public int? EndOrdinal { get; set; }

    public Task<AppendResult> Result => _result.Task;

    public void Complete(AppendResult result) => _result.TrySetResult(result);

    public void Fail(Exception error) => _result.TrySetException(error);
}
