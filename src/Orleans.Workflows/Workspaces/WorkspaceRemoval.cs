using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Workspaces;

/// <summary>What was (or, in a dry run, would be) removed of one run, and what was kept and why.</summary>
public sealed record WorkspaceRemoval
{
    public required RunId Run { get; init; }

    /// <summary>Paths and branches.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>What is kept.</summary>
    public IReadOnlyList<KeptItem> Kept { get; init; } = [];

    public bool DryRun { get; init; }
}
