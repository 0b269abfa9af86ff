using Orleans.Workflows.Supervisor.Posix;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>
/// What all processes below one use together, looked at again and again: first after 250 ms, so that a short agent costs nothing,
/// then after twice the time up to 2 s, or up to 500 ms where there is a limit, and after 100 ms above it.
/// </summary>
/// <remarks>
/// Their memory is the sum of their proportional shares: with the sum of what is resident, the pages that ten processes of one
/// program or the connections of one database server share would count ten times. As shares are dear to read and never more
/// than what is resident, they are read only where they can matter: beyond the limit, and beyond the highest sum so far. What
/// comes and goes between two looks is not seen. A cgroup of the attempt's own would know it exactly, where there is one.
/// </remarks>
/// <param name="root">The process above them, itself not counted.</param>
/// <param name="limit">Bytes; null: none.</param>
internal sealed class TreeMemory(int root, long? limit)
{
    private const int FirstMs = 250;
    private const int AboveLimitMs = 100;
    private const int LongestMs = 2000;
    private const int LongestWithLimitMs = 500;

    // Below the limit a look may take a twentieth of the time, and reading shares again only to find a new peak next to nothing.
    private const int LookShare = 20;
    private const int PeakShare = 5000;

    private long _highestResident;
    private long _sharesAgainAt;
    private long _usedWhenOver;
    private int _timesOver;

    internal long? Limit { get; } = limit;

    /// <summary>Between two looks, unless they take long themselves.</summary>
    internal int PeriodMs { get; private set; } = FirstMs;

    /// <summary>When to look next.</summary>
    internal long DueAt { get; private set; } = long.MaxValue;

    /// <summary>The most that was found; up to an eighth more may have gone unread. Null: nothing could be read, or it was not looked at.</summary>
    internal long? PeakBytes { get; private set; }

    /// <summary>
    /// Above the limit at two looks in a row. One alone may have counted a process twice: before a new process executes its
    /// program, it has all the memory of the one that it comes from.
    /// </summary>
    internal bool IsOver => _timesOver > 1;

    /// <summary>A quarter more than when the limit was first found passed: nothing polite will stop it in time.</summary>
    internal bool IsGrowing { get; private set; }

    internal void Start(long now) => DueAt = now + FirstMs;

    internal void Look(long now)
    {
        var processes = Descendants.Of(root);
        var used = Used(processes, now);
        _timesOver = used > Limit ? _timesOver + 1 : 0;
        if (_timesOver == 1)
            _usedWhenOver = used!.Value;
        IsGrowing = IsOver && used > _usedWhenOver + _usedWhenOver / 4;

        PeriodMs = _timesOver > 0 ? AboveLimitMs : Math.Min(PeriodMs * 2, Limit is null ? LongestMs : LongestWithLimitMs);
        var end = BootClock.Milliseconds;
        DueAt = end + (_timesOver > 0 ? PeriodMs : Math.Max(PeriodMs, (end - now) * LookShare));
    }

    /// <summary>Null where it is below the limit and no new peak, or can't be known.</summary>
    private long? Used(List<int> processes, long now)
    {
        long? sum = null;
        foreach (var process in processes)
        {
            if (ProcessMemory.Resident(process) is { } bytes)
                sum = (sum ?? 0) + bytes;
        }

        if (sum is not { } resident || !AreSharesDue(resident, now))
            return null;
        var start = BootClock.Milliseconds;
        var used = 0L;
        foreach (var process in processes)
            used += ProcessMemory.Proportional(process) ?? ProcessMemory.Resident(process) ?? 0;

        _highestResident = Math.Max(_highestResident, resident);
        _sharesAgainAt = start + Math.Max(1, BootClock.Milliseconds - start) * PeakShare;
        if (used > 0)
            PeakBytes = Math.Max(PeakBytes ?? 0, used);
        return used;
    }

    private bool AreSharesDue(long resident, long now) =>
        resident > Limit
        || resident > _highestResident + _highestResident / 8
        || (now >= _sharesAgainAt && resident > PeakBytes + PeakBytes / 8);
}
