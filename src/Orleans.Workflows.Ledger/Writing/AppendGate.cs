namespace Orleans.Workflows.Ledger.Writing;

/// <summary>
/// Bounds what waits for the writer, by count and by bytes; first come, first served. An append larger than the whole
/// bound enters alone. Nobody waits longer than <paramref name="patience"/>.
/// </summary>
internal sealed class AppendGate(int maxCount, long maxBytes, TimeSpan patience, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private int _count;
    private long _bytes;

    /// <param name="bytes">What it takes of the bound.</param>
    /// <param name="entered">Called once it is in, in the order of the calls of this method; must be quick.</param>
    /// <param name="cancellationToken">Ends the wait; who is in stays in.</param>
    /// <exception cref="LedgerUnavailableException">It did not come in in time.</exception>
    public async ValueTask EnterAsync(long bytes, Action entered, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<Waiter> node;
        lock (_lock)
        {
            if (_waiters.Count == 0 && Fits_NeedsLock(bytes))
            {
                Enter_NeedsLock(bytes, entered);
                return;
            }

            node = _waiters.AddLast(new Waiter(bytes, entered));
        }

        using var over = new CancellationTokenSource(patience, time);
        await using var late = over.Token.UnsafeRegister(_ => Abandon(node, waiter => waiter.Entered.TrySetException(
            new LedgerUnavailableException("The writer's buffer stayed full; nothing of the append was written."))), null);
        await using var canceled = cancellationToken.UnsafeRegister(_ => Abandon(node, waiter => waiter.Entered.TrySetCanceled(cancellationToken)), null);
        await node.Value.Entered.Task;
    }

    public void Leave(int count, long bytes)
    {
        lock (_lock)
        {
            _count -= count;
            _bytes -= bytes;
            Admit_NeedsLock();
        }
    }

    private void Abandon(LinkedListNode<Waiter> node, Action<Waiter> end)
    {
        lock (_lock)
        {
            // Without a list it was admitted already, and its append goes on.
            if (node.List is null)
            {
                return;
            }

            _waiters.Remove(node);
            end(node.Value);
            Admit_NeedsLock();
        }
    }

    private void Admit_NeedsLock()
    {
        while (_waiters.First is { } first && Fits_NeedsLock(first.Value.Bytes))
        {
            _waiters.RemoveFirst();
            Enter_NeedsLock(first.Value.Bytes, first.Value.OnEntered);
            first.Value.Entered.TrySetResult();
        }
    }

    private bool Fits_NeedsLock(long bytes) => _count == 0 || (_count < maxCount && _bytes + bytes <= maxBytes);

    private void Enter_NeedsLock(long bytes, Action entered)
    {
        _count++;
        _bytes += bytes;
        entered();
    }

    private sealed record Waiter(long Bytes, Action OnEntered)
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
