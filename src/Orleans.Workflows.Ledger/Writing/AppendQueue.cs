using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Writing;

/// <summary>
/// What waits for the writer's lanes. A batch holds at most one append a run, and a run is in one lane at a time: a later
/// append of it waits until the earlier is settled, in order.
/// </summary>
internal sealed class AppendQueue(int maxBatch, long maxBatchBytes)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<PendingAppend> _ready = [];
    private readonly Dictionary<RunId, Queue<PendingAppend>?> _busy = [];
    private readonly Queue<TaskCompletionSource> _idleLanes = [];
    private bool _completed;

    /// <summary>False when the ledger is closing.</summary>
    public bool TryAdd(PendingAppend pending)
    {
        TaskCompletionSource? lane;
        lock (_lock)
        {
            if (_completed)
            {
                return false;
            }

            _ready.AddLast(pending);
            _idleLanes.TryDequeue(out lane);
        }

        lane?.TrySetResult();
        return true;
    }

    /// <summary>Fills <paramref name="batch"/> with whatever is ready, sorted by run; false when closed and drained.</summary>
    public async ValueTask<bool> TakeAsync(List<PendingAppend> batch)
    {
        while (true)
        {
            TaskCompletionSource wait;
            lock (_lock)
            {
                Take_NeedsLock(batch);
                if (batch.Count > 0)
                {
                    break;
                }

                if (_completed && _ready.Count == 0 && _busy.Count == 0)
                {
                    return false;
                }

                wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _idleLanes.Enqueue(wait);
            }

            await wait.Task;
        }

        batch.Sort(static (a, b) => a.Run.CompareTo(b.Run));
        return true;
    }

    /// <summary>The batch's appends are settled; their runs' next ones may go.</summary>
    public void Done(List<PendingAppend> batch)
    {
        lock (_lock)
        {
            foreach (var pending in batch)
            {
                if (_busy.Remove(pending.Run, out var waiting) && waiting is not null)
                {
                    // In front: what has come for the run meanwhile is later than they are.
                    foreach (var next in waiting.Reverse())
                    {
                        _ready.AddFirst(next);
                    }
                }
            }

            Wake_NeedsLock();
        }
    }

    /// <summary>Takes out what has waited since before <paramref name="timestamp"/>: nothing of it was written.</summary>
    public List<PendingAppend> TakeOlderThan(long timestamp)
    {
        lock (_lock)
        {
            var old = _ready.Where(pending => pending.EnqueuedAt < timestamp).ToList();
            foreach (var pending in old)
            {
                _ready.Remove(pending);
            }

            return old;
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            Wake_NeedsLock();
        }
    }

    private void Wake_NeedsLock()
    {
        if (_ready.Count > 0 || _completed)
        {
            while (_idleLanes.TryDequeue(out var lane))
            {
                lane.TrySetResult();
            }
        }
    }

    private void Take_NeedsLock(List<PendingAppend> batch)
    {
        var bytes = 0L;
        while (batch.Count < maxBatch && _ready.First is { } node)
        {
            var pending = node.Value;
            if (_busy.TryGetValue(pending.Run, out var waiting))
            {
                _ready.RemoveFirst();
                if (waiting is null)
                {
                    _busy[pending.Run] = waiting = new Queue<PendingAppend>();
                }

                waiting.Enqueue(pending);
                continue;
            }

            if (batch.Count > 0 && bytes + pending.Bytes > maxBatchBytes)
            {
                break;
            }

            _ready.RemoveFirst();
            _busy.Add(pending.Run, null);
            bytes += pending.Bytes;
            batch.Add(pending);
        }
    }
}
