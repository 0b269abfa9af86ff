namespace Orleans.Workflows.Usage;

/// <summary>Sums by workflow and how far each writer's ended runs are counted. Stored as JSON; fields may be added.</summary>
[GenerateSerializer, Alias("metrics-state")]
internal sealed class MetricsState
{
    [Id(0)] public Dictionary<int, long> Checkpoint { get; set; } = [];

    [Id(1)] public Dictionary<string, UsageTotals> Totals { get; set; } = [];
}
