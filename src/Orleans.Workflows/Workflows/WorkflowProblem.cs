namespace Orleans.Workflows.Workflows;

/// <summary>Why a workflow's folder can't be used, as a place in a file and what to do about it.</summary>
/// <param name="Workflow">The folder's name.</param>
/// <param name="File">Absolute path of the file, or of the folder.</param>
/// <param name="Line">From 1; 0: the whole file.</param>
/// <param name="Column">From 1; 0: the whole line.</param>
/// <param name="Field">The field's path (<c>retry.mode</c>), or null.</param>
/// <param name="Message">One sentence that says what is wrong.</param>
/// <param name="Remedy">What to do.</param>
public sealed record WorkflowProblem(string Workflow, string File, int Line, int Column, string? Field, string Message, string Remedy)
{
    public override string ToString() => $"{File}({Line},{Column}): {Message} {Remedy}";
}
