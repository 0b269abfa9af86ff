using Orleans.Workflows.Chaos.Faults;

namespace Orleans.Workflows.Chaos;

/// <summary>What the harness is asked for.</summary>
internal sealed record ChaosOptions
{
    /// <summary>Runs to start at least; the load goes on until every fault has had its number. Default 1,000.</summary>
    public int Runs { get; init; } = 1_000;

    /// <summary>The longest that load and faults go on. Default 30.</summary>
    public double Minutes { get; init; } = 30;

    /// <summary>Of the load and the schedule. Default: by the clock; it is printed.</summary>
    public int Seed { get; init; } = (int)(TimeProvider.System.GetTimestamp() & 0xFFFFFF);

    /// <summary>Each fault that often at least. Default 10.</summary>
    public int Each { get; init; } = 10;

    /// <summary>Runs in flight; more than all slots together, so that some always wait. Default 36.</summary>
    public int InFlight { get; init; } = 36;

    /// <summary>Agents that live when a fault is done; with fewer it waits for them, and counts for nothing if they don't come. Default 10.</summary>
    public int Agents { get; init; } = 10;

    /// <summary>Print nothing but the JSON line on stdout and violations on stderr.</summary>
    public bool Json { get; init; }

    /// <summary>The faults to choose from.</summary>
    public IReadOnlyList<FaultKind> Faults { get; init; } = FaultKinds.Usual;

    public static ChaosOptions Parse(string[] args) => args switch
    {
        [] => new(),
        [.. var before, "--runs", var value] => Parse(before) with { Runs = int.Parse(value) },
        [.. var before, "--minutes", var value] => Parse(before) with { Minutes = double.Parse(value) },
        [.. var before, "--seed", var value] => Parse(before) with { Seed = int.Parse(value) },
        [.. var before, "--each", var value] => Parse(before) with { Each = int.Parse(value) },
        [.. var before, "--in-flight", var value] => Parse(before) with { InFlight = int.Parse(value) },
        [.. var before, "--agents", var value] => Parse(before) with { Agents = int.Parse(value) },
        [.. var before, "--json"] => Parse(before) with { Json = true },

        // With start and end of the servers about a minute.
        [.. var before, "--short"] => Parse(before) with { Runs = 40, Minutes = 0.6, Each = 1, Agents = 4 },
        [.. var before, "--only", "none"] => Parse(before) with { Faults = [] },
        [.. var before, "--only", var value] => Parse(before) with { Faults = [.. value.Split(',').Where(name => name.Length > 0).Select(name => Enum.Parse<FaultKind>(name, ignoreCase: true))] },
        [.. var before, "--with", var value] => Parse(before) is var options ? options with { Faults = [.. options.Faults, .. value.Split(',').Select(name => Enum.Parse<FaultKind>(name, ignoreCase: true))] } : null!,
        _ => throw new ArgumentException($"Not an option: {string.Join(' ', args)}"),
    };

    public static int Usage(string problem)
    {
        Console.Error.WriteLine($"""
            {problem}
            usage: [--runs N] [--minutes M] [--seed S] [--json] [--short]
                   [--each N]       each fault that often at least
                   [--in-flight N]  runs at once
                   [--agents N]     agents alive when a fault is done
                   [--only a,b]     these faults instead of the usual ones; none: no fault, no repeated start, and nothing may be put right
                   [--with a,b]     these faults beside the usual ones
            faults: {string.Join(' ', Enum.GetNames<FaultKind>())}
            """);
        return 2;
    }
}
