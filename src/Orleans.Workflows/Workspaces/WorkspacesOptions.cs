namespace Orleans.Workflows.Workspaces;

/// <summary>Where runs work and what they may work on.</summary>
public sealed class WorkspacesOptions
{
    /// <summary>Absolute path; created 0700. The engine sets it to <c>workspaces</c> in the node's state directory.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Existing directories and repositories must be inside one of these. Default, empty: anywhere.</summary>
    public IList<string> AllowedRoots { get; } = [];

    public string Git { get; set; } = "git";

    /// <summary>How long one git command may take.</summary>
    public TimeSpan GitTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long to wait for a repository that others are changing.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromMinutes(2);

    public string AuthorName { get; set; } = "Orleans.Workflows";

    public string AuthorEmail { get; set; } = "workflows@localhost";

    /// <summary>Changed files that are listed; the rest is counted.</summary>
    public int ChangedFilesLimit { get; set; } = 1_000;
}
