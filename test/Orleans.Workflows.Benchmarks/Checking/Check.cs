using System.Diagnostics;
using System.Text.Json;

namespace Orleans.Workflows.Benchmarks.Checking;

/// <summary>
/// Runs the benchmarks, each in a process of its own, and compares them with a baseline. A line for each figure begins with
/// <c>passed</c> or <c>failed</c>; 1 is returned if any failed.
/// </summary>
internal sealed class Check(Baseline baseline, bool isShort)
{
    /// <summary>How much worse than its baseline a ratio may be. Trials on a shared machine differ that much, short ones more.</summary>
    private readonly double _tolerance = isShort ? 0.5 : 0.3;

    private static readonly string[][] Full =
    [
        ["noop", "sqlite"], ["noop", "postgresql"], ["agent", "sqlite"], ["agent", "postgresql"],
        ["stream", "sqlite"], ["stream", "postgresql"], ["idle", "sqlite"], ["idle", "postgresql"],
    ];

    private static readonly string[][] Short =
    [
        ["noop", "sqlite", "--runs", "400", "--trials", "3", "--warm-ups", "1"],
        ["noop", "postgresql", "--runs", "400", "--trials", "3", "--warm-ups", "1"],
        ["agent", "postgresql", "--runs", "60", "--trials", "3", "--warm-ups", "1"],
        ["stream", "postgresql", "--runs", "40000", "--trials", "3", "--warm-ups", "1"],
        ["idle", "postgresql", "--runs", "2000", "--seconds", "20"],
    ];

    /// <summary>These are promised as they stand, whatever the machine.</summary>
    private static readonly Dictionary<string, double> Bounds = new() { ["bytesPerRun"] = 1024, ["statementsPerSecond"] = 1 };

    public async Task<int> RunAsync()
    {
        var known = baseline.Read();
        var failed = 0;
        foreach (var command in isShort ? Short : Full)
        {
            var figures = await MeasureAsync(command);
            failed += figures.Count == 0 ? Tell(false, string.Join(' ', command), "gave no figure") : 0;
            foreach (var (key, values) in figures)
            {
                foreach (var (name, value) in values)
                {
                    failed += Judge($"{key} {name}", value, known.GetValueOrDefault(Key(key))?.GetValueOrDefault(name), Bounds.TryGetValue(name, out var bound) ? bound : null);
                }
            }
        }

        return failed == 0 ? 0 : 1;
    }

    /// <summary>Makes what is measured now the baseline of this form, long or short.</summary>
    public async Task<int> RecordAsync()
    {
        var known = baseline.Read();
        foreach (var command in isShort ? Short : Full)
        {
            foreach (var (key, values) in await MeasureAsync(command))
            {
                known[Key(key)] = values;
            }
        }

        baseline.Write(known);
        return 0;
    }

    private int Judge(string what, double value, double? known, double? bound) => (known, bound) switch
    {
        (_, { } most) => Tell(value <= most, what, $"{value:0.##}, at most {most}"),
        ({ } before, _) => Tell(value >= before * (1 - _tolerance), what, $"{value:0.##}, baseline {before:0.##}, at least {before * (1 - _tolerance):0.##}"),
        _ => Tell(false, what, $"{value:0.##}, and no baseline: record one"),
    };

    private static int Tell(bool passed, string what, string how)
    {
        Console.WriteLine($"{(passed ? "passed" : "failed")} {what}: {how}");
        return passed ? 0 : 1;
    }

    private string Key(string bench) => isShort ? bench + " (short)" : bench;

    private static async Task<SortedDictionary<string, SortedDictionary<string, double>>> MeasureAsync(string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, command) { RedirectStandardOutput = true })!;
        var figures = new SortedDictionary<string, SortedDictionary<string, double>>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("{\"bench\"", StringComparison.Ordinal))
            {
                Console.WriteLine(line);
                var measured = JsonSerializer.Deserialize(line, MeasurementJson.Default.Measurement)!;
                figures[$"{measured.Bench}/{measured.Database}"] = measured.Compared();
            }
        }

        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? figures : [];
    }
}
