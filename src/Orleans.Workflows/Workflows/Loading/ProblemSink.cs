namespace Orleans.Workflows.Workflows.Loading;

/// <summary>Gathers what is wrong with one workflow's folder.</summary>
internal sealed class ProblemSink(string workflow, string folder)
{
    private readonly List<WorkflowProblem> _problems = [];

    public IReadOnlyList<WorkflowProblem> Problems => _problems;

    public void Add(string file, Position at, string? field, string message, string remedy) =>
        _problems.Add(new WorkflowProblem(workflow, file.Length == 0 ? folder : Path.Combine(folder, file), at.Line, at.Column, field, message, remedy));
}
