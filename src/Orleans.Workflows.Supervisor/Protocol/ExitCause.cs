namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>Why an attempt is over.</summary>
internal enum ExitCause
{
    /// <summary>The agent ended by itself.</summary>
    Exited = 1,

    /// <summary>A terminate command.</summary>
    Terminated = 2,

    /// <summary>The lease was not renewed in time, or had run out before the start.</summary>
    Lease = 3,

    /// <summary>The supervisor got SIGTERM.</summary>
    Signal = 4,

    /// <summary>An adopter had declared the attempt void; nothing was executed.</summary>
    Voided = 5,

    /// <summary>The agent could not be executed; <see cref="ExitRecord.LaunchErrno"/> says why.</summary>
    LaunchFailed = 6,

    /// <summary>Its processes together passed <see cref="ExitRecord.MemoryLimitBytes"/>.</summary>
    Memory = 7,
}
