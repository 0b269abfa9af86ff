using System.Globalization;

namespace Orleans.Workflows.TestKit.Programs;

/// <summary>What <c>/proc</c> tells of a process.</summary>
public static class ProcessFacts
{
    /// <summary>Most memory that it ever had resident, since it began or <see cref="ForgetPeak"/>; bytes.</summary>
    public static long PeakBytes(int pid)
    {
        // VmHWM:	   12345 kB
        var line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }

    public static void ForgetPeak(int pid) => File.WriteAllText($"/proc/{pid}/clear_refs", "5");

    public static int OpenDescriptors(int pid) => Directory.GetFiles($"/proc/{pid}/fd").Length;
}
