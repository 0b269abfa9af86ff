namespace Orleans.Workflows.Schedules;

/// <summary>A run that is to be started: of a due time, or of a trigger by its id.</summary>
internal sealed record DueStart(DateTimeOffset DueAt, DateTimeOffset StartAt, Guid? Trigger = null);
