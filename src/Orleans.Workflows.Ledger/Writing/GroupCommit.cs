using Orleans.Workflows.Ledger.Appending;

namespace Orleans.Workflows.Ledger.Writing;

/// <summary>
/// The front of the one writer: bounds what waits, hands it to the lanes as soon as one is free, and on closing writes
/// what it has taken in.
/// </summary>
internal sealed class GroupCommit(LedgerOptions options, TimeProvider time, IReadOnlyList<IAppendLane> lanes, AppendQueue queue, IAsyncDisposable? owned = null)
    : IAsyncDisposable
{
    private readonly AppendGate _gate = new(options.MaxPending, options.MaxPendingBytes, options.UnavailableAfter, time);

    public async Task<AppendResult> AppendAsync(LedgerAppend append, CancellationToken cancellationToken)
    {
        append = AppendRules.Normalize(append);
        if (append.Events is { } events && !AppendRules.IsStorableText(events.Events.Span))
        {
            return new AppendResult(AppendStatus.Rejected, Error: "events_are_utf8: the events are not UTF-8 or hold a raw U+0000");
        }

        var bytes = AppendRules.BytesOf(append);
        var pending = new PendingAppend(append, bytes, time.GetTimestamp());
        var isOpen = false;
        await _gate.EnterAsync(bytes, () => isOpen = queue.TryAdd(pending), cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(!isOpen, this);
            return await pending.Result;
        }
        finally
        {
            _gate.Leave(1, bytes);
        }
    }

    public async ValueTask DisposeAsync()
    {
        queue.Complete();
        foreach (var lane in lanes)
        {
            await lane.DisposeAsync();
        }

        if (owned is not null)
        {
            await owned.DisposeAsync();
        }
    }
}
