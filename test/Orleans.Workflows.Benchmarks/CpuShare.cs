using System.Globalization;

namespace Orleans.Workflows.Benchmarks;

/// <summary>How busy the whole machine is, read from <c>/proc/stat</c>.</summary>
internal sealed record CpuShare(long Busy, long All)
{
    public static CpuShare Begin()
    {
        // cpu user nice system idle iowait irq softirq steal
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return new(ticks.Sum() - ticks[3] - ticks[4], ticks.Sum());
    }

    /// <summary>From 0 to 1.</summary>
    public double SinceThen() => Begin() is var now && now.All > All ? (double)(now.Busy - Busy) / (now.All - All) : 0;
}
