using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Cli.Client;

/// <summary>The answer of <c>POST /cleanup</c>.</summary>
internal sealed record CleanupInfo
{
    public bool DryRun { get; init; }

    public IReadOnlyList<WorkspaceRemoval> Runs { get; init; } = [];
}
