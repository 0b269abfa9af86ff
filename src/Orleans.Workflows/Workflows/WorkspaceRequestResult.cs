using Orleans.Workflows.Failures;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Workflows;

/// <summary>The workspace that a run asks for, or why it can't be said.</summary>
public sealed record WorkspaceRequestResult
{
    public WorkspaceRequest? Request { get; init; }

    public Failure? Failure { get; init; }
}
