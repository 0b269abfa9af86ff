namespace Orleans.Workflows.Schedules;

/// <summary>What is to be done now. The state is made durable after the start, together with what came of it.</summary>
internal sealed record ScheduleDecision
{
    /// <summary>The next state, as far as it does not hang on <see cref="Start"/>.</summary>
    public required ScheduleState Next { get; init; }

    /// <summary>The one run to start now, or null.</summary>
    public DueStart? Start { get; init; }

    /// <summary>More may be due: decide again.</summary>
    public bool IsMore { get; init; }

    /// <summary>The runs under way are in the way of what is buffered, and the policy ends them.</summary>
    public bool EndsOthers => Next is { Buffered.Length: > 0, UnderWay.Length: > 0, Overlap: OverlapPolicy.CancelOther or OverlapPolicy.TerminateOther };
}
