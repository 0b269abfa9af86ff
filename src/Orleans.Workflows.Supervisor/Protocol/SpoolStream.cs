namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>Which of the agent's two outputs.</summary>
internal enum SpoolStream
{
    Stdout = 1,
    Stderr = 2,
}
