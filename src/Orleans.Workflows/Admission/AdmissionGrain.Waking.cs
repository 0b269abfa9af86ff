using Microsoft.Extensions.Logging;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>What happens by time alone: runs whose due time comes while they wait are woken, and each decides for itself what that means (the deadline scan is the net); and who may start now is served.</summary>
internal sealed partial class AdmissionGrain
{
    /// <summary>However many are due at once: the grain serves its nodes between them.</summary>
    private const int MostWakings = 128;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private IGrainTimer? _dueTimer;
    private DateTimeOffset? _dueClock;
    private int _wakings;
    private bool _isOver;

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Wakings on their way come back to this memory, which is not kept true any more.
        _isOver = true;
        return base.OnDeactivateAsync(reason, cancellationToken);
    }

    /// <summary>Called after whatever may have changed what is due next, and each <see cref="AdmissionOptions.HealPeriod"/> for a wall clock that jumped.</summary>
    private void SetDueClock()
    {
        var (now, due) = (time.GetUtcNow(), _wakings >= MostWakings ? null : _sync.NextDue);

        // What is open and not served is so because the ledger is away: then each tick tries.
        var opens = Index.OpensAt > now ? Index.OpensAt : null;
        if (_isOver || (due < opens ? due : opens ?? due) is not { } next || next == _dueClock)
        {
            // The end of a waking looks again.
            return;
        }

        // Not before: timers cut off what is less than a millisecond.
        var wait = next - now + Tick;
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestTimer ? wait : LongestTimer;
        _dueClock = next;
        if (_dueTimer is null)
        {
            _dueTimer = this.RegisterGrainTimer(WakeDueAsync, new GrainTimerCreationOptions(wait, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        }
        else
        {
            _dueTimer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private Task WakeDueAsync(CancellationToken cancellationToken)
    {
        _dueClock = null;
        Serve();
        WakeDue();
        return Task.CompletedTask;
    }

    private void WakeDue()
    {
        while (!_isOver && _wakings < MostWakings && _sync.TryTakeDue(out var run))
        {
            _wakings++;
            _ = WakeAsync(run.Value);
        }

        SetDueClock();
    }

    private async Task WakeAsync(RunId run)
    {
        try
        {
            await GrainFactory.GetRun(run).WakeAsync();
        }
        catch (Exception exception)
        {
            LogNotWoken(run, exception);
        }

        _wakings--;
        WakeDue();
    }

    [LoggerMessage(LogLevel.Warning, "Run {Run} is due and could not be woken; it is tried again.")]
    private partial void LogNotWoken(RunId run, Exception exception);
}
