using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Workflows.Reminders;

namespace Orleans.Workflows.Runs;

/// <summary>
/// The fine clock while awake, and the reminder that works when everything else was lost. The durable deadline is the
/// truth that both reconcile with.
/// </summary>
internal sealed partial class WorkflowGrain : IRemindable
{
    /// <summary>What starts later need not be in memory: the deadline scan wakes it shortly before.</summary>
    private static readonly TimeSpan LongestStartWait = TimeSpan.FromMinutes(1);

    /// <summary>What is due later is looked at again by then; a timer takes 49 days at most.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private IGrainTimer? _timer;
    private IGrainTimer? _reminderTimer;

    private KeptReminder Reminder => field ??= new(this, "watch", _options.ReminderPeriod);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Reminder.Called();
        await WakeAsync();
        if (_state is null || _state.Row.Status.IsTerminal())
        {
            await Reminder.RemoveAsync();
        }
    }

    private bool StartsLater => _state is { Row: { Status: RunStatus.Scheduled, NextDeadline: { } start } } && start - Now > LongestStartWait;

    private void SetClock()
    {
        var row = _state!.Row;
        if (row.Status is RunStatus.Running or RunStatus.Canceling or RunStatus.Waiting or RunStatus.Scheduled && row.NextDeadline is { } deadline && !StartsLater)
        {
            // Not before: timers cut off what is less than a millisecond.
            var due = deadline - Now + TimeSpan.FromMilliseconds(1);
            due = due < TimeSpan.Zero ? TimeSpan.Zero : due < LongestTimer ? due : LongestTimer;
            if (_timer is null)
            {
                _timer = this.RegisterGrainTimer(_ => WakeAsync(), new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { KeepAlive = true });
                _reminderTimer ??= Reminder.IsKnown ? null : this.RegisterGrainTimer(_ => AddReminderAsync(), new GrainTimerCreationOptions(_options.ReminderAfter, Timeout.InfiniteTimeSpan));
            }
            else
            {
                _timer.Change(due, Timeout.InfiniteTimeSpan);
            }
        }
        else
        {
            _timer?.Dispose();
            _reminderTimer?.Dispose();
            (_timer, _reminderTimer) = (null, null);
            if (row.Status.IsTerminal())
            {
                LeaveMemorySoon();
                if (Reminder.IsKnown)
                {
                    Send(Reminder.RemoveAsync());
                }
            }
        }
    }

    private async Task AddReminderAsync()
    {
        try
        {
            await Reminder.AddAsync();
        }
        catch (Exception exception)
        {
            // The scans still watch; the next activation tries again.
            LogReminder(Id, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The reminder of run {Run} could not be set.")]
    private partial void LogReminder(RunId run, Exception exception);
}
