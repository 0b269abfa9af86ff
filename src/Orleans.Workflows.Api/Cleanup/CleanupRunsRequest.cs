using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Cleanup;

/// <summary>What of ended runs to remove on this node.</summary>
public sealed record CleanupRunsRequest
{
    /// <summary>Only this run's; null: every run's.</summary>
    public RunId? Run { get; init; }

    /// <summary>Only what was not used for so long, 0 to 87,600 hours.</summary>
    public double? OlderThanHours { get; init; }

    /// <summary>Only say what would be done. Null, as when left out, is true.</summary>
    public bool? DryRun { get; init; }

    /// <summary>
    /// The files of their attempts instead: spools, exit records. Those stay whose output is not all in the database. Default false.
    /// </summary>
    public bool Attempts { get; init; }

    /// <summary>Also work that is neither merged nor pushed. Default false.</summary>
    public bool Force { get; init; }
}
