using System.Runtime.InteropServices;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>What the calling thread has worked: the same however busy the machine is, and to the nanosecond, where /proc counts by ticks.</summary>
internal static partial class ThreadTime
{
    private const int ThreadCpuTime = 3;

    public static TimeSpan Now => GetTime(ThreadCpuTime, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1_000.0)
        : throw new InvalidOperationException("This system does not tell a thread's time.");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
