using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Workflows.Reminders;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Schedules;

/// <summary>Who wakes it: a timer at the due time while awake, the end of a run that something waits for, and a reminder that works when all else was lost.</summary>
internal sealed partial class ScheduleGrain : IRemindable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(25);

    private IGrainTimer? _timer;
    private bool _watches;

    private KeptReminder Reminder => field ??= new(this, "due", _options.ReminderPeriod);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Reminder.Called();
        await WakeAsync();
        if (await LoadAsync() is null)
        {
            await Reminder.RemoveAsync();
            DeactivateOnIdle();
        }
    }

    private void SetClock(TimeSpan? retry)
    {
        var look = retry is { } pause ? Now + pause : _state is { } state ? ScheduleDecisions.NextLook(state, _calendar) : null;
        if (look is null)
        {
            _timer?.Dispose();
            _timer = null;
            return;
        }

        // A timer may be a part of a millisecond early.
        var due = look.Value - Now + TimeSpan.FromMilliseconds(1);
        due = due < TimeSpan.Zero ? TimeSpan.Zero : due > LongestTimer ? LongestTimer : due;
        if (_timer is null)
        {
            _timer = this.RegisterGrainTimer(_ => WakeAsync(), new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        }
        else
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>While something waits, the end of the run that it waits for wakes this grain.</summary>
    private void Watch()
    {
        if (!_watches && _state is { Buffered.Length: > 0, UnderWay: [var run, ..] })
        {
            _watches = true;
            _ = WatchAsync(run);
        }
    }

    private async Task WatchAsync(RunId run)
    {
        try
        {
            await GrainFactory.GetRun(run).WaitAsync(0, untilEnded: true, LongestWatch);
        }
        catch (Exception exception)
        {
            LogWatch(Name, run, exception);
            await Task.Delay(RetryPause, time, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        _watches = false;
        if (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // As a call, so that it takes its turn.
            this.AsReference<IScheduleGrain>().WakeAsync().Ignore();
        }
    }

    /// <summary>A schedule has its reminder before it is there; only a database that was restored without it has none.</summary>
    private async Task KeepReminderAsync()
    {
        try
        {
            await (_state is null ? Task.CompletedTask : Reminder.KeepAsync());
        }
        catch (Exception exception)
        {
            LogReminder(Name, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The reminder of schedule {Schedule} could not be set; it is tried again when it is next awake.")]
    private partial void LogReminder(string schedule, Exception exception);

    [LoggerMessage(LogLevel.Debug, "Schedule {Schedule} could not watch run {Run}.")]
    private partial void LogWatch(string schedule, RunId run, Exception exception);
}
