using System.Text.Json;

namespace Orleans.Workflows.Benchmarks.Checking;

/// <summary>
/// The stored figures to compare with: ratios to a floor measured in the same call, because seconds differ from machine to
/// machine. Keys are <c>bench/database</c>, values by name of the measurement.
/// </summary>
internal sealed class Baseline(string path)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public SortedDictionary<string, SortedDictionary<string, double>> Read() => File.Exists(path)
        ? JsonSerializer.Deserialize<SortedDictionary<string, SortedDictionary<string, double>>>(File.ReadAllText(path))!
        : [];

    public void Write(SortedDictionary<string, SortedDictionary<string, double>> figures) =>
        File.WriteAllText(path, JsonSerializer.Serialize(figures, Json) + "\n");
}
