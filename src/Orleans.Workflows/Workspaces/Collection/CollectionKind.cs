namespace Orleans.Workflows.Workspaces.Collection;

/// <summary>What runs leave on a node.</summary>
public enum CollectionKind
{
    /// <summary>Spools, exit records, control files of a run's attempts.</summary>
    Attempts = 1,

    /// <summary>The agent's home, with its sessions.</summary>
    AgentHome = 2,

    /// <summary>Directories that the run worked in.</summary>
    Workspace = 3,
}
