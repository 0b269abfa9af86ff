namespace Orleans.Workflows.TestKit.Waiting;

/// <summary>What happened so far, in order, and a task for what has yet to happen. Thread-safe.</summary>
public sealed class Arrivals<T>
{
    private readonly Lock _lock = new();
    private readonly List<T> _items = [];
    private readonly Dictionary<int, TaskCompletionSource<T>> _awaited = [];

    /// <summary>What happened so far; a copy.</summary>
    public IReadOnlyList<T> Snapshot()
    {
        lock (_lock)
        {
            return [.. _items];
        }
    }

    /// <summary>Completes with the first (1), second (2), … arrival, at once if that has been.</summary>
    public Task<T> NthAsync(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        lock (_lock)
        {
            if (number <= _items.Count)
            {
                return Task.FromResult(_items[number - 1]);
            }

            // Whoever awaits must not run inside Add, under the lock of what reports the arrival.
            ref var source = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_awaited, number, out _);
            source ??= new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            return source.Task;
        }
    }

    public void Add(T item)
    {
        TaskCompletionSource<T>? source;
        lock (_lock)
        {
            _items.Add(item);
            _awaited.Remove(_items.Count, out source);
        }

        source?.SetResult(item);
    }
}
