using System.Globalization;

namespace Orleans.Workflows.Benchmarks;

/// <summary>How busy the whole machine is, read from <c>/proc/stat</c>.</summary>
internal sealed record CpuShare(long Busy, long Stolen, long All)
{
    public static CpuShare Begin()
    {
        // cpu user nice system idle iowait irq softirq steal
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return new(ticks.Sum() - ticks[3] - ticks[4] - ticks[7], ticks[7], ticks.Sum());
    }

    /// <summary>From 0 to 1: what worked here, and what the machine's own host gave to others while something here wanted to work.</summary>
    public (double Busy, double Stolen) SinceThen() => Begin() is var now && now.All > All ? (Share(now.Busy - Busy, now), Share(now.Stolen - Stolen, now)) : (0, 0);

    private double Share(long ticks, CpuShare now) => Math.Round((double)ticks / (now.All - All), 2);
}
