namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>Exit codes of a supervisor that wrote no exit record.</summary>
internal enum StartRefusal
{
    /// <summary>Another supervisor owns this attempt.</summary>
    Locked = 3,

    /// <summary>The attempt was executed before; an attempt is executed once.</summary>
    AlreadyStarted = 4,

    /// <summary>The silo went away before it said what to execute.</summary>
    NoLaunch = 5,

    /// <summary>An error of ours; <c>supervisor.log</c> has it.</summary>
    Broken = 70,
}
