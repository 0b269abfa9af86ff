namespace Orleans.Workflows.Runs;

/// <summary>Where a run stands. Stored by name; the number is the wire form and is never reused.</summary>
public enum RunStatus
{
    /// <summary>Accepted, not yet due: it stands in no queue and counts towards no limit until then.</summary>
    Scheduled = 1,

    /// <summary>Waits for a slot.</summary>
    Queued = 2,

    /// <summary>Holds a slot; its attempt is being launched.</summary>
    Starting = 3,

    /// <summary>Its attempt's process runs.</summary>
    Running = 4,

    /// <summary>Waits for something named: a person, a delay before the next attempt, a rate limit's reset.</summary>
    Waiting = 5,

    /// <summary>A person paused it, or no attempt is left and its policy says to ask one; a person resumes it or ends it. It has no slot, and its time limits stand still.</summary>
    Paused = 6,

    /// <summary>Asked to stop politely; its process is still alive.</summary>
    Canceling = 7,

    /// <summary>The agent reported success.</summary>
    Completed = 20,

    /// <summary>The work, the agent or its launch failed; the reason says which.</summary>
    Failed = 21,

    /// <summary>Stopped politely on request.</summary>
    Canceled = 22,

    /// <summary>Stopped by force on request.</summary>
    Terminated = 23,

    /// <summary>Its time limit passed while it ran.</summary>
    TimedOut = 24,

    /// <summary>Its queue time limit passed before it started.</summary>
    Expired = 25,
}
