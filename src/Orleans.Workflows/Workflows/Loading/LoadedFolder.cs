namespace Orleans.Workflows.Workflows.Loading;

/// <summary>What one folder gave: a workflow, or problems.</summary>
internal sealed record LoadedFolder(string Folder, string Path, CompiledWorkflow? Workflow, IReadOnlyList<WorkflowProblem> Problems);
