using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>What is known of a run's progress. Anything may be missing or absurd: it comes from an agent.</summary>
internal sealed record ProgressReading
{
    public RunStatus? Status { get; init; }

    public int? Turns { get; init; }

    public int? MaxTurns { get; init; }

    public string? Phase { get; init; }

    public string? WaitsFor { get; init; }

    public static ProgressReading Of(RunInfo run) =>
        new() { Status = run.Status, Turns = run.Turns, MaxTurns = run.MaxTurns, Phase = run.Phase, WaitsFor = run.WaitsFor };
}
