namespace Orleans.Workflows.Benchmarks;

internal static class Statistics
{
    public static double Median(IEnumerable<double> values) => Percentile(values, 0.5);

    public static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : Math.Round(sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(share * sorted.Length))], 2);
    }
}
