using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Workspaces;

/// <summary>One at a time for each run, in this process. A run's lock exists while somebody holds it or waits for it.</summary>
internal sealed class RunLocks
{
    private readonly Dictionary<RunId, Entry> _entries = [];

    public async Task<IDisposable> AcquireAsync(RunId run, CancellationToken cancellationToken)
    {
        Entry? entry;
        lock (_entries)
        {
            if (!_entries.TryGetValue(run, out entry))
            {
                _entries[run] = entry = new();
            }
            entry.Users++;
        }
        try
        {
            await entry.Semaphore.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(run, entry);
            throw;
        }
        return new Holder(this, run, entry);
    }

    private void Leave(RunId run, Entry entry)
    {
        lock (_entries)
        {
            if (--entry.Users == 0)
            {
                _entries.Remove(run);
            }
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Holder(RunLocks locks, RunId run, Entry entry) : IDisposable
    {
        public void Dispose()
        {
            entry.Semaphore.Release();
            locks.Leave(run, entry);
        }
    }
}
