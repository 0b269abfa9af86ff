using Orleans.Workflows.Supervisor.Posix;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>What the loop waits for, gathered anew each turn: there are a handful, and they change.</summary>
internal sealed unsafe class PollList
{
    private PollEntry[] _entries = new PollEntry[8];
    private int _count;

    internal void Clear() => _count = 0;

    /// <summary>Skips a descriptor of -1, which stands for nothing to wait for.</summary>
    internal void Add(int descriptor, int events)
    {
        if (descriptor < 0)
            return;
        if (_count == _entries.Length)
            Array.Resize(ref _entries, _count * 2);
        _entries[_count++] = new PollEntry { Descriptor = descriptor, Events = (short)events };
    }

    internal void Wait(int timeoutMs)
    {
        fixed (PollEntry* entries = _entries)
            _ = Libc.Poll(entries, (nuint)_count, timeoutMs);
    }
}
