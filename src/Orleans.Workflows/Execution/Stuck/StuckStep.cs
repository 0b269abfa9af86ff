namespace Orleans.Workflows.Execution.Stuck;

/// <summary>How far the ladder has been climbed for an attempt that gives no sign of life.</summary>
internal enum StuckStep
{
    /// <summary>It is well, as far as is known.</summary>
    None = 0,

    /// <summary>Silent for longer than its phase allows: everybody sees it, and its processes are looked at.</summary>
    Suspect = 1,

    /// <summary>Asked politely to stop its turn.</summary>
    Interrupt = 2,

    /// <summary>Ended; the run goes on with another attempt where it can.</summary>
    Terminate = 3,

    /// <summary>Its supervisor did not obey either and is killed; the agent dies with it.</summary>
    Kill = 4,
}
