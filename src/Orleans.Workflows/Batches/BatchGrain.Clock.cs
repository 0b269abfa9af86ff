using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Workflows.Reminders;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Batches;

/// <summary>Who wakes it: a timer after each page, and while it is open a reminder that works when all else was lost.</summary>
internal sealed partial class BatchGrain : IRemindable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private IGrainTimer? _timer;

    private KeptReminder Reminder => field ??= new(this, "go-on", _options.ReminderPeriod);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Reminder.Called();
        if (await LoadAsync() is { Status: BatchStatus.Running })
        {
            await WakeAsync();
        }
        else
        {
            await Reminder.RemoveAsync();
            DeactivateOnIdle();
        }
    }

    private void SetClock(TimeSpan due)
    {
        if (_timer is null)
        {
            _timer = this.RegisterGrainTimer(_ => TickAsync(), new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        }
        else
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    private async Task TickAsync()
    {
        if (IsStopping)
        {
            // The next silo goes on: here every call would only fail.
            return;
        }

        var step = StepAsync();
        _step = step;
        try
        {
            if (await step is { } pause)
            {
                SetClock(pause);
                return;
            }
        }
        catch (Exception exception)
        {
            // Whatever it was, what is durable is right; what was cut off is done again.
            LogStep(Id, exception);
            Forget();
            SetClock(RetryPause);
            return;
        }

        await LeaveAsync();
    }

    /// <summary>It is over: nobody needs to wake it.</summary>
    private async Task LeaveAsync()
    {
        _timer?.Dispose();
        _timer = null;
        try
        {
            await Reminder.RemoveAsync();
        }
        catch (Exception exception)
        {
            LogReminder(Id, exception);
        }

        DeactivateOnIdle();
    }

    /// <summary>A batch has its reminder before it is there; only a database that was restored without it has none.</summary>
    private async Task KeepReminderAsync()
    {
        try
        {
            await Reminder.KeepAsync();
        }
        catch (Exception exception)
        {
            LogReminder(Id, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The reminder of batch {Batch} could not be set or removed; it is tried again when it is next awake.")]
    private partial void LogReminder(Guid batch, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Batch {Batch} could not go on; it is tried again.")]
    private partial void LogStep(Guid batch, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Run {Run} did not answer batch {Batch} at its last try; it counts as failed.")]
    private partial void LogRun(Guid batch, RunId run, Exception exception);
}
