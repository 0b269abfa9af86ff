namespace Orleans.Workflows.Schedules;

/// <summary>A due time, and when its run starts: later by its jitter.</summary>
internal readonly record struct DueTime(DateTimeOffset DueAt, DateTimeOffset StartAt);
