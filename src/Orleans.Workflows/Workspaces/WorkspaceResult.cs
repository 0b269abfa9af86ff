using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Workspaces;

/// <summary>A workspace, or why there is none.</summary>
public sealed record WorkspaceResult
{
    public Workspace? Workspace { get; init; }

    public Failure? Failure { get; init; }

    public static implicit operator WorkspaceResult(Workspace workspace) => new() { Workspace = workspace };

    public static implicit operator WorkspaceResult(Failure failure) => new() { Failure = failure };

    public static WorkspaceResult From(Workspace workspace) => workspace;

    public static WorkspaceResult From(Failure failure) => failure;
}
