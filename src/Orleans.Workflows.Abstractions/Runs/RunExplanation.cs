using Orleans.Workflows.Admission;

namespace Orleans.Workflows.Runs;

/// <summary>What a run waits for, or that it does not wait.</summary>
public sealed record RunExplanation
{
    public required RunId Run { get; init; }

    public required RunStatus Status { get; init; }

    /// <summary>In words, whole: every cause, with names and numbers.</summary>
    public required string Text { get; init; }

    /// <summary>When the engine acts on it at the latest; null when it has ended or waits without a limit.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>When it joins its queue: of a scheduled run, and of one that waits for its next attempt. Null of others.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Of a queued run; null of others, and for the moments in which admission does not know of it yet.</summary>
    public WaitInfo? Wait { get; init; }
}
