using Orleans.Workflows.Runs;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Workspaces;

/// <summary>What was done in a workspace.</summary>
[GenerateSerializer, Immutable, Alias("workspace-changes")]
public sealed record WorkspaceChanges
{
    [Id(0)] public string? FirstCommit { get; init; }

    [Id(1)] public string? LastCommit { get; init; }

    /// <summary>The branch that holds the last commit, or null.</summary>
    [Id(2)] public string? Branch { get; init; }

    [Id(3)] public IReadOnlyList<ChangedFile> ChangedFiles { get; init; } = [];

    /// <summary>All changed files, those beyond the list included.</summary>
    [Id(4)] public int ChangedFilesTotal { get; init; }

    /// <summary>Uncommitted work was found and committed for the agent.</summary>
    [Id(5)] public bool LeftoversCommitted { get; init; }

    /// <summary>Sentences on what could not be recorded: a nested repository, a failed commit.</summary>
    [Id(6)] public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Why the changes are unknown; the rest is then empty. The workspace is as it was.</summary>
    [Id(7)] public Failure? Failure { get; init; }
}
