using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Api.Workflows;

/// <summary>All workflows of this node, and what is wrong with their folders.</summary>
/// <param name="Items">By name.</param>
/// <param name="Problems">Of broken folders, with file, line and remedy; also those that stand in <paramref name="Items"/> as they were before.</param>
public sealed record WorkflowListDocument(IReadOnlyList<WorkflowDocument> Items, IReadOnlyList<WorkflowProblem> Problems)
{
    internal static WorkflowListDocument From(CatalogSnapshot snapshot) =>
        new([.. snapshot.Workflows.Select(workflow => WorkflowDocument.From(workflow, snapshot))], snapshot.Problems);
}
