using System.Diagnostics;
using System.Globalization;

namespace Orleans.Workflows.Benchmarks;

/// <summary>CPU of this process and of PostgreSQL's process tree, read from <c>/proc</c>.</summary>
internal static class Costs
{
    private const double TicksPerSecond = 100;

    public static double Own
    {
        get
        {
            using var self = Process.GetCurrentProcess();
            return self.TotalProcessorTime.TotalSeconds;
        }
    }

    public static double PeakRssMb => double.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    /// <summary>Every process named postgres: benchmarks run alone on their machine.</summary>
    public static double Postgres => Directory.EnumerateDirectories("/proc")
        .Where(path => int.TryParse(Path.GetFileName(path), out _))
        .Select(CpuOfPostgres).Sum();

    private static double CpuOfPostgres(string path)
    {
        try
        {
            var stat = File.ReadAllText(path + "/stat");
            if (!stat.Contains("(postgres)", StringComparison.Ordinal))
            {
                return 0;
            }

            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11]) + long.Parse(fields[12]) + long.Parse(fields[13]) + long.Parse(fields[14])) / TicksPerSecond;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
