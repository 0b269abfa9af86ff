namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>How to end an attempt.</summary>
internal enum TerminateMode
{
    /// <summary>Interrupt, close standard input, SIGTERM, SIGKILL, each after its grace.</summary>
    Polite = 1,

    /// <summary>SIGKILL for the whole tree at once.</summary>
    Now = 2,
}
