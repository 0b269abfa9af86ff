namespace Orleans.Workflows.Supervisor.Posix;

/// <summary>Signal numbers of x64 and arm64 Linux, and masks of them (bit n-1 stands for signal n).</summary>
internal static class Signals
{
    internal const int HangUp = 1;
    internal const int Interrupt = 2;
    internal const int Quit = 3;
    internal const int Kill = 9;
    internal const int Continue = 18;
    internal const int Stop = 19;
    internal const int Pipe = 13;
    internal const int Terminate = 15;
    internal const int Child = 17;
    internal const int Last = 64;

    internal const ulong None = 0;

    /// <summary>
    /// What a supervisor is started with: blocked in every thread of its runtime before the first instruction, so that
    /// none of them can be killed by one, and its one loop reads TERM and CHLD from a descriptor.
    /// </summary>
    internal const ulong SupervisorMask =
        1UL << (HangUp - 1) | 1UL << (Interrupt - 1) | 1UL << (Quit - 1)
        | 1UL << (Pipe - 1) | 1UL << (Terminate - 1) | 1UL << (Child - 1);

    internal const ulong ReadByLoop = 1UL << (Terminate - 1) | 1UL << (Child - 1);
}
