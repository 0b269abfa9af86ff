namespace Orleans.Workflows.Schedules;

/// <summary>What a due time does while an earlier run of the schedule has not ended. Stored by name; the number is the wire form and is never reused.</summary>
public enum OverlapPolicy
{
    /// <summary>It starts nothing, and is counted as skipped.</summary>
    Skip = 1,

    /// <summary>It starts when the earlier run has ended; while one waits so, later due times are skipped.</summary>
    BufferOne = 2,

    /// <summary>Every due time starts, one after the other. At most 1,000 wait; what is due beyond that is skipped.</summary>
    BufferAll = 3,

    /// <summary>The earlier run is canceled, and the latest due time starts when it has ended.</summary>
    CancelOther = 4,

    /// <summary>The earlier run is terminated, and the latest due time starts when it has ended.</summary>
    TerminateOther = 5,

    /// <summary>It starts beside the earlier run.</summary>
    AllowAll = 6,
}
