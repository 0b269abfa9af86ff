using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Schedules;

/// <summary>The schedule after a command was made durable, or why it was refused.</summary>
/// <param name="Created">It is a new one.</param>
/// <param name="Action">What a trigger came to.</param>
[GenerateSerializer, Immutable, Alias("schedule-result")]
public sealed record ScheduleResult(
    [property: Id(0)] ScheduleInfo? Schedule,
    [property: Id(1)] Failure? Failure = null,
    [property: Id(2)] bool Created = false,
    [property: Id(3)] ScheduleAction? Action = null)
{
    public static ScheduleResult Refused(Failure failure) => new(null, failure);
}
