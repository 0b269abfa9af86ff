using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Workspaces;

/// <summary>Which workspaces to remove.</summary>
public sealed record CleanupRequest
{
    /// <summary>Only this run's; null: every run's.</summary>
    public RunId? Run { get; init; }

    /// <summary>Only those not used for as long as this.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>Also branches with work that is neither merged nor pushed, and worktrees whose leftovers can't be committed.</summary>
    public bool Force { get; init; }

    /// <summary>Only say what would be done.</summary>
    public bool DryRun { get; init; }
}
