namespace Orleans.Workflows.Benchmarks;

/// <summary>What a benchmark is asked for.</summary>
internal sealed record BenchOptions
{
    /// <summary>Runs (or lines) of a trial; null is the benchmark's own.</summary>
    public int? Runs { get; init; }

    /// <summary>Paired trials; medians are over them.</summary>
    public int Trials { get; init; } = 7;

    /// <summary>Trials before the first that counts: until then the runtime compiles what turns out to be hot.</summary>
    public int WarmUps { get; init; } = 4;

    /// <summary>How many write at once in <c>ledger</c>.</summary>
    public int Writers { get; init; } = 50;

    /// <summary>How long <c>idle</c> and <c>cluster</c> watch a silo that has nothing to do, and <c>overload</c> lasts.</summary>
    public int Seconds { get; init; } = 30;

    /// <summary>Settings of the server under measurement, as <c>Database:MaxInFlight=1</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public static BenchOptions Parse(string[] args) => args switch
    {
        [] => new(),
        [.. var before, "--runs", var value] => Parse(before) with { Runs = int.Parse(value) },
        [.. var before, "--trials", var value] => Parse(before) with { Trials = int.Parse(value) },
        [.. var before, "--warm-ups", var value] => Parse(before) with { WarmUps = int.Parse(value) },
        [.. var before, "--writers", var value] => Parse(before) with { Writers = int.Parse(value) },
        [.. var before, "--seconds", var value] => Parse(before) with { Seconds = int.Parse(value) },
        [.. var before, "--set", var setting] when setting.Split('=', 2) is [var key, var value] && Parse(before) is { } options =>
            options with { Settings = new Dictionary<string, string>(options.Settings) { [key] = value } },
        _ => throw new ArgumentException($"Not an option: {string.Join(' ', args)}"),
    };

    public static int Usage()
    {
        Console.Error.WriteLine("""
            usage: noop|ledger|agent|start|stream|idle|rebuild|overload sqlite|postgresql [--runs N] [--trials N] [--warm-ups N] [--writers N] [--seconds N] [--set KEY=VALUE]…
                   cluster postgresql [--seconds N] [--set KEY=VALUE]…
                   check|record BASELINE [--short]
            """);
        return 2;
    }
}
