namespace Orleans.Workflows.Cli.Client;

/// <summary>The server refused the request.</summary>
internal sealed class ProblemException(ProblemInfo problem) : Exception(problem.Detail ?? problem.Title)
{
    public ProblemInfo Problem { get; } = problem;
}
