namespace Orleans.Workflows.Chaos.Checking;

/// <summary>The promises that a history can break; the names are those of the report.</summary>
internal enum ViolationKind
{
    /// <summary>Accepted over REST, but not in the ledger, or without an end (and not overdue) when the history was read.</summary>
    Lost = 0,

    /// <summary>Without an end though its bound has passed, or ended while the ledger still charges its slot or lock.</summary>
    Stuck = 1,

    /// <summary>Two agents of one run were alive at one instant.</summary>
    Overlapping = 2,

    /// <summary>More start lines than what was done to the run explains, or two runs for one idempotency key.</summary>
    StartedTwice = 3,

    /// <summary>More agents of a queue, a node or a label at one instant than its limit, one that was started in spite of a hold, or two of which one holds a lock alone.</summary>
    LimitExceeded = 4,

    /// <summary>A process of a run is left, or the ledger calls an attempt leaked.</summary>
    LeakedProcesses = 5,

    /// <summary>An ended run's files are left although their time is over.</summary>
    LeakedFiles = 6,

    /// <summary>A transcript with a gap or a line twice, or numbers that are not its fold.</summary>
    WrongNumbers = 7,

    /// <summary>A server had to put something right although nothing was harmed.</summary>
    Reconciled = 8,

    /// <summary>A run waited longer than its bound, whatever else went before it.</summary>
    Starved = 9,
}
