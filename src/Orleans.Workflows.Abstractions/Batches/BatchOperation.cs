namespace Orleans.Workflows.Batches;

/// <summary>What a batch asks of each of its runs. Stored by name; the number is the wire form and is never reused.</summary>
public enum BatchOperation
{
    /// <summary>Stop politely; forced after a grace.</summary>
    Cancel = 1,

    /// <summary>End the whole process tree now.</summary>
    Terminate = 2,

    /// <summary>Start the same work again as a new run.</summary>
    Retry = 3,

    /// <summary>Have a paused run go on.</summary>
    Resume = 4,

    /// <summary>Have a run stand still until it is resumed.</summary>
    Pause = 5,
}
