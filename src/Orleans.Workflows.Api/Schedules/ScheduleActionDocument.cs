using Orleans.Workflows.Runs;
using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Api.Schedules;

/// <summary>What a due time or a trigger came to.</summary>
/// <param name="DueAt">The due time without jitter; of a trigger the moment when it was asked for.</param>
/// <param name="At">When it was dealt with.</param>
/// <param name="Triggered">Somebody asked for it.</param>
/// <param name="Run">The run that it started.</param>
/// <param name="Problem">Why it started none.</param>
public sealed record ScheduleActionDocument(DateTimeOffset DueAt, DateTimeOffset At, ScheduleOutcome Outcome, bool Triggered, RunId? Run, string? Problem)
{
    internal static ScheduleActionDocument From(ScheduleAction action) =>
        new(action.DueAt, action.At, action.Outcome, action.Trigger is not null, action.Run, action.Failure is { } failure ? $"{failure.Message} {failure.Remedy}".TrimEnd() : null);
}
