using System.Runtime.InteropServices;

namespace Orleans.Workflows.Supervisor.Posix;

/// <summary>A system call that a correct machine doesn't refuse was refused.</summary>
internal sealed class PosixException(string call, int errno) : Exception($"{call}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})")
{
    internal int Errno { get; } = errno;

    internal static PosixException Last(string call) => new(call, Marshal.GetLastPInvokeError());
}
