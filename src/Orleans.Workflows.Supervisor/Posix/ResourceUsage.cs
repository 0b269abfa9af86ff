using System.Runtime.InteropServices;

namespace Orleans.Workflows.Supervisor.Posix;

/// <summary><c>struct rusage</c> of 64 bit Linux; the fields after the peak are not read.</summary>
[StructLayout(LayoutKind.Sequential, Size = 144)]
internal struct ResourceUsage
{
    internal long UserSeconds;
    internal long UserMicroseconds;
    internal long SystemSeconds;
    internal long SystemMicroseconds;
    internal long PeakResidentKilobytes;

    internal readonly long UserMicrosecondsTotal => UserSeconds * 1_000_000 + UserMicroseconds;
    internal readonly long SystemMicrosecondsTotal => SystemSeconds * 1_000_000 + SystemMicroseconds;
}
