namespace Orleans.Workflows.Workspaces;

/// <summary>What sort of directory an attempt works in. Stored by name.</summary>
public enum WorkspaceKind
{
    /// <summary>A new empty directory of the run's own.</summary>
    Temporary = 1,

    /// <summary>An existing directory, used as it is and never removed.</summary>
    Directory = 2,

    /// <summary>A git worktree of a local repository on a new branch.</summary>
    Worktree = 3,
}
