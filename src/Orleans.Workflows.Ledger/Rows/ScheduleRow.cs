namespace Orleans.Workflows.Ledger.Rows;

/// <summary>A schedule: what it is to do, and how far it is. <c>ScheduleGrain</c> alone writes it; JSON is the engine's.</summary>
public sealed record ScheduleRow
{
    public required string Name { get; init; }

    /// <summary>Tells it from an earlier schedule of the same name.</summary>
    public required Guid Incarnation { get; init; }

    /// <summary>1 at first, one more with each write: a write at another version is refused.</summary>
    public required long Version { get; init; }

    /// <summary>When it is due, as JSON.</summary>
    public required string Spec { get; init; }

    /// <summary>The request of each run, as JSON.</summary>
    public required string Run { get; init; }

    /// <summary>The overlap policy by name.</summary>
    public required string Overlap { get; init; }

    public required TimeSpan CatchUpWindow { get; init; }

    public bool Paused { get; init; }

    public string? Note { get; init; }

    /// <summary>The last due time that was dealt with; all after it are still to be.</summary>
    public required DateTimeOffset HandledUntil { get; init; }

    /// <summary>When the last of its runs ended that was under way, as far as was seen; what waits in the buffer could begin then.</summary>
    public DateTimeOffset? FreeSince { get; init; }

    /// <summary>Due times that wait for the end of a run, as JSON.</summary>
    public required string Buffered { get; init; }

    /// <summary>Runs started and not yet seen to have ended, as JSON.</summary>
    public required string UnderWay { get; init; }

    /// <summary>The latest actions, as JSON.</summary>
    public required string Recent { get; init; }

    public long Started { get; init; }

    public long Skipped { get; init; }

    public long Missed { get; init; }

    public long Failed { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
