namespace Orleans.Workflows.Batches;

/// <summary>Where a batch stands. Stored by name; the number is the wire form and is never reused.</summary>
public enum BatchStatus
{
    /// <summary>It goes through its runs, whatever crashes.</summary>
    Running = 1,

    /// <summary>It has been through all of them.</summary>
    Completed = 20,

    /// <summary>It was stopped before; what it had done stays done.</summary>
    Canceled = 21,
}
