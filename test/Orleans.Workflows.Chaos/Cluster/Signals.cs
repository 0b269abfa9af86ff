using System.Diagnostics;
using System.Globalization;

namespace Orleans.Workflows.Chaos.Cluster;

/// <summary>Signals to one process by its pid.</summary>
internal static class Signals
{
    /// <summary>A process that is gone already is no error.</summary>
    public static async Task SendAsync(int pid, string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "kill -s \"$0\" \"$1\" 2>/dev/null", signal, pid.ToString(CultureInfo.InvariantCulture)]))!;
        await kill.WaitForExitAsync();
    }
}
