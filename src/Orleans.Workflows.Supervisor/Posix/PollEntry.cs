using System.Runtime.InteropServices;

namespace Orleans.Workflows.Supervisor.Posix;

/// <summary><c>struct pollfd</c>. A negative descriptor is skipped by the kernel.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    internal const short Readable = 0x1;
    internal const short Writable = 0x4;
    internal const short Error = 0x8;
    internal const short HangUp = 0x10;

    internal int Descriptor;
    internal short Events;
    internal short Returned;
}
