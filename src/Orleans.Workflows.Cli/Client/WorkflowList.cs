namespace Orleans.Workflows.Cli.Client;

/// <summary>All workflows, and what is wrong with folders.</summary>
internal sealed record WorkflowList
{
    public IReadOnlyList<WorkflowListing> Items { get; init; } = [];

    public IReadOnlyList<WorkflowFault> Problems { get; init; } = [];
}
