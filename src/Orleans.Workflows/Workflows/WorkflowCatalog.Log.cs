using Microsoft.Extensions.Logging;

namespace Orleans.Workflows.Workflows;

public sealed partial class WorkflowCatalog
{
    private void Report(CatalogSnapshot? before, CatalogSnapshot after)
    {
        foreach (var workflow in after.Workflows.Where(workflow => before?.Find(workflow.Definition.Name)?.Hash != workflow.Hash))
        {
            LogLoaded(workflow.Definition.Name, workflow.Hash);
        }
        foreach (var problem in after.Problems.Where(problem => before?.Problems.Contains(problem) != true))
        {
            LogProblem(problem);
        }
    }

    [LoggerMessage(LogLevel.Information, "Workflow {Workflow} loaded, definition {Hash}.")]
    private partial void LogLoaded(string workflow, string hash);

    [LoggerMessage(LogLevel.Warning, "A workflow is broken: {Problem}")]
    private partial void LogProblem(WorkflowProblem problem);
}
