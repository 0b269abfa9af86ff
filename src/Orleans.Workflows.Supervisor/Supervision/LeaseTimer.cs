using Orleans.Workflows.Supervisor.Posix;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>
/// Becomes readable when the lease is over. A timer of the boot clock, for <c>poll</c>'s own time-out stands still while the
/// machine sleeps.
/// </summary>
internal sealed unsafe class LeaseTimer
{
    private const int Absolute = 1;

    internal LeaseTimer(long? deadlineMs)
    {
        Descriptor = Libc.CreateTimer(BootClock.Clock, Flags.CloseOnExec | Flags.NonBlocking);
        if (Descriptor < 0)
            throw PosixException.Last("timerfd_create");
        Set(deadlineMs);
    }

    internal int Descriptor { get; }

    internal long? DeadlineMs { get; private set; }

    internal bool IsOver => DeadlineMs <= BootClock.Milliseconds;

    internal void Set(long? deadlineMs)
    {
        DeadlineMs = deadlineMs;
        var at = deadlineMs is { } deadline ? Math.Max(deadline, 1) : 0;
        var setting = stackalloc long[4] { 0, 0, at / 1000, at % 1000 * 1_000_000 };
        if (Libc.SetTimer(Descriptor, Absolute, setting, null) != 0)
            throw PosixException.Last("timerfd_settime");
    }
}
