namespace Orleans.Workflows.Execution.Supervision;

/// <summary>How this node finds and starts supervisors.</summary>
internal sealed class SupervisorOptions
{
    /// <summary>
    /// The supervisor: a native program, or the <c>.dll</c> of one for the shared runtime. Default: <c>programs/</c> beside the
    /// host's own files, the native one first.
    /// </summary>
    public string? ProgramPath { get; set; }

    /// <summary>Supervisors kept started ahead of need, 4 MB each. Default 4.</summary>
    public int Spares { get; set; } = 4;
}
