using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Workflows;

/// <summary>
/// Where a workflow's runs work. All texts are templates over <c>input.*</c>, <c>run.id</c>, <c>run.short</c> and
/// <c>workflow.name</c>; what a request says itself goes before them.
/// </summary>
public sealed record WorkspaceTemplate
{
    public WorkspaceKind Kind { get; init; } = WorkspaceKind.Temporary;

    /// <summary>The existing directory of kind <see cref="WorkspaceKind.Directory"/>.</summary>
    public string? Path { get; init; }

    /// <summary>The local repository of kind <see cref="WorkspaceKind.Worktree"/>.</summary>
    public string? Repository { get; init; }

    /// <summary>What the new branch starts from; null: what the repository has checked out.</summary>
    public string? BaseBranch { get; init; }

    /// <summary>The new branch; null: <c>run/&lt;workflow&gt;/&lt;short id&gt;</c>.</summary>
    public string? Branch { get; init; }
}
