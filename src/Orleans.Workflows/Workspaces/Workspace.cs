using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Workspaces;

/// <summary>A directory that is ready to work in. Stored as JSON beside it.</summary>
public sealed record Workspace
{
    public required RunId Run { get; init; }

    /// <summary>The attempt it was made for; later ones share it unless they begin anew.</summary>
    public required int Attempt { get; init; }

    public required WorkspaceKind Kind { get; init; }

    /// <summary>Absolute path; exists.</summary>
    public required string Directory { get; init; }

    /// <summary>The repository's own directory (kind Worktree), or null.</summary>
    public string? Repository { get; init; }

    /// <summary>The worktree's own directory in the repository. Later commands name it, for the <c>.git</c> file that an agent can write may point anywhere.</summary>
    public string? GitDirectory { get; init; }

    /// <summary>The branch as the caller named it, or null.</summary>
    public string? BaseBranch { get; init; }

    /// <summary>The run's branch, or the branch that an existing directory had checked out.</summary>
    public string? Branch { get; init; }

    /// <summary>The commit that the work started from; null outside of git and in a repository without commits.</summary>
    public string? FirstCommit { get; init; }

    /// <summary>The run that took it over; it is that run's now.</summary>
    public RunId? TakenOverBy { get; init; }

    /// <summary>False while it is being made: a crash left it half-made.</summary>
    public bool Ready { get; init; }
}
