namespace Orleans.Workflows.Supervisor.Posix;

/// <summary>
/// Milliseconds since boot, time asleep included (CLOCK_BOOTTIME): the one clock that every process of a boot agrees on
/// and that nobody can set. Leases are absolute times of it.
/// </summary>
internal static unsafe class BootClock
{
    internal const int Clock = 7;

    internal static long Milliseconds => Read(Clock);

    /// <summary>Unix time in milliseconds, for people; it may jump.</summary>
    internal static long UnixMilliseconds => Read(0);

    private static long Read(int clock)
    {
        var time = stackalloc long[2];
        _ = Libc.GetTime(clock, time);
        return time[0] * 1000 + time[1] / 1_000_000;
    }
}
