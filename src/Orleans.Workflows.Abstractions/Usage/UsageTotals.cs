using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Usage;

/// <summary>Sums over ended runs of one workflow.</summary>
[GenerateSerializer, Immutable, Alias("usage-totals")]
public sealed record UsageTotals
{
    /// <summary>The workflow's name; ad-hoc runs count under <c>(ad-hoc)</c>.</summary>
    [Id(0)] public required string Workflow { get; init; }

    [Id(1)] public IReadOnlyDictionary<RunStatus, long> Runs { get; init; } = new Dictionary<RunStatus, long>();

    [Id(2)] public long Attempts { get; init; }

    [Id(3)] public long Turns { get; init; }

    [Id(4)] public long ToolCalls { get; init; }

    // Its own, never the shared one: grain storage reads these with Newtonsoft.Json, which fills the object that stands there.
    [Id(5)] public TokenUsage Usage { get; init; } = new();

    /// <summary>Milliseconds from start to end, summed.</summary>
    [Id(6)] public long WallMs { get; init; }

    [Id(7)] public long ApiMs { get; init; }

    /// <summary>Runs whose numbers are unknown or incomplete: the sums are lower bounds by these.</summary>
    [Id(8)] public long IncompleteRuns { get; init; }
}
