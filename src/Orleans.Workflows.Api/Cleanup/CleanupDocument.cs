using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Api.Cleanup;

/// <summary>What a clean-up removed, or in a dry run would remove.</summary>
public sealed record CleanupDocument(bool DryRun, IReadOnlyList<WorkspaceRemoval> Runs);
