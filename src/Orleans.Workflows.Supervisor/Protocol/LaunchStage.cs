namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>Where a launch failed, so that the errno can be told as a sentence.</summary>
internal enum LaunchStage
{
    /// <summary>The working directory can't be entered.</summary>
    Directory = 1,

    /// <summary>No process could be made (EAGAIN: the user's process limit; E2BIG: arguments and environment).</summary>
    Spawn = 2,

    /// <summary>The program can't be executed (ENOENT, EACCES, ENOEXEC, E2BIG).</summary>
    Execute = 3,
}
