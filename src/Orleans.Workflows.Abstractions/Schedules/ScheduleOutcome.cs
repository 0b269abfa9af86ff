namespace Orleans.Workflows.Schedules;

/// <summary>What a due time or a trigger came to. Stored by name; the number is the wire form and is never reused.</summary>
public enum ScheduleOutcome
{
    /// <summary>Its run was started.</summary>
    Started = 1,

    /// <summary>Its run was refused; the action says why.</summary>
    Failed = 2,

    /// <summary>It waits for the end of an earlier run.</summary>
    Buffered = 3,

    /// <summary>An earlier run had not ended.</summary>
    Skipped = 4,
}
