using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Workspaces;

/// <summary>What one attempt needs to work in.</summary>
public sealed record WorkspaceRequest
{
    public required RunId Run { get; init; }

    /// <summary>From 1. A later attempt gets the earlier one's workspace, unless <see cref="Fresh"/>.</summary>
    public required int Attempt { get; init; }

    /// <summary>The workflow's name, for the branch's name.</summary>
    public required string Workflow { get; init; }

    public required WorkspaceKind Kind { get; init; }

    /// <summary>A later attempt begins anew; the earlier workspace stays until it is cleaned up.</summary>
    public bool Fresh { get; init; }

    /// <summary>A continuation takes over the workspace of this terminal run; the kind and the rest are then the earlier run's.</summary>
    public RunId? ContinuationOf { get; init; }

    /// <summary>Absolute path of the existing directory (kind Directory).</summary>
    public string? Path { get; init; }

    /// <summary>Absolute path of a local git repository (kind Worktree).</summary>
    public string? Repository { get; init; }

    /// <summary>Branch, tag or commit that the work starts from; null: what the repository has checked out.</summary>
    public string? BaseBranch { get; init; }

    /// <summary>The new branch; null: <c>run/&lt;workflow&gt;/&lt;short id&gt;</c>.</summary>
    public string? Branch { get; init; }

    /// <summary>The last twelve digits of the id: the random ones, for the first ones are its time.</summary>
    public static string ShortId(RunId run) => run.Value.ToString("N")[20..];
}
