namespace Orleans.Workflows.Api.Schedules;

/// <summary>What a trigger came to, and the schedule after it.</summary>
public sealed record TriggerDocument(ScheduleActionDocument Action, ScheduleDocument Schedule);
