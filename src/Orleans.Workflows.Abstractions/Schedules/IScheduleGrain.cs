namespace Orleans.Workflows.Schedules;

/// <summary>
/// One schedule; the key is its name. Starts exactly one run a due time: each start has an idempotency key made of the
/// schedule and the due time, and the schedule's record is advanced after it, so what a crash cut off is done again and
/// finds its run. After a crash the next silo's start or a reminder (a minute later at most) goes on. A call that timed out
/// is unknown and may be sent again.
/// </summary>
[Alias("schedule-grain")]
public interface IScheduleGrain : IGrainWithStringKey
{
    /// <summary>Creates the schedule or changes it whole. What was due before is dealt with as it stood before.</summary>
    [Alias("put")]
    Task<ScheduleResult> PutAsync(ScheduleOrder order);

    /// <summary>The schedule as it is durable now, or null if there is none.</summary>
    [Alias("get")]
    Task<ScheduleInfo?> GetAsync();

    /// <summary>Removes the schedule; its runs go on. False when there was none.</summary>
    [Alias("delete")]
    Task<bool> DeleteAsync();

    /// <summary>Nothing is due from now on until it is unpaused, also not what waits in the buffer. Runs go on.</summary>
    [Alias("pause")]
    Task<ScheduleResult> PauseAsync(string? note);

    /// <summary>Goes on with what is due from now on: what was due in between is not caught up.</summary>
    [Alias("unpause")]
    Task<ScheduleResult> UnpauseAsync(string? note);

    /// <summary>Starts a run now, as the overlap policy allows, paused or not. A repeat with the same id answers what the first came to.</summary>
    [Alias("trigger")]
    Task<ScheduleResult> TriggerAsync(Guid id);

    /// <summary>Looks at what is due. Harmless at any time.</summary>
    [Alias("wake")]
    Task WakeAsync();
}
