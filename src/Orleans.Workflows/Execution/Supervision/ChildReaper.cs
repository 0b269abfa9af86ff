using System.Runtime.InteropServices;
using Orleans.Workflows.Supervisor.Posix;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>
/// Takes the zombie of a supervisor that this process started. Nothing depends on its status: after a restart the silo isn't
/// the parent any more.
/// </summary>
internal static class ChildReaper
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Completes once the child is reaped. Called when its connection has closed, so it is a matter of moments.</summary>
    internal static async Task ReapAsync(int pid, TimeProvider time)
    {
        for (var pause = TimeSpan.FromMilliseconds(1); !TryReap(pid); pause = pause * 2 < Longest ? pause * 2 : Longest)
            await Task.Delay(pause, time);
    }

    private static unsafe bool TryReap(int pid)
    {
        int status;
        var reaped = Libc.Wait(pid, &status, Flags.NoHang, null);
        return reaped == pid || (reaped < 0 && Marshal.GetLastPInvokeError() == Errno.NoChild);
    }
}
