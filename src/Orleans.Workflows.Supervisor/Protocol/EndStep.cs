namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>The step of the ladder during which the agent ended.</summary>
internal enum EndStep
{
    None = 0,
    Interrupt = 1,
    Stdin = 2,
    Term = 3,
    Kill = 4,
}
