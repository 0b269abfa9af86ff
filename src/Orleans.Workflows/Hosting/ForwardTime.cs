namespace Orleans.Workflows.Hosting;

/// <summary>
/// Time whose wall clock follows another's forwards and never goes back: where that one is set back, it goes on by the steady
/// clock. Orleans activates no grain whose time lies before what it has seen, and a deadline must not move away with the clock.
/// A new process begins with the other's time.
/// </summary>
public sealed class ForwardTime(TimeProvider inner) : TimeProvider
{
    /// <summary>The two clocks are read one after the other, which must not count as the wall clock's being ahead.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(1);

    private volatile Mark _mark = new(inner.GetUtcNow(), inner.GetTimestamp());

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        var mark = _mark;
        var steady = mark.At + inner.GetElapsedTime(mark.Timestamp);
        var wall = inner.GetUtcNow();
        if (wall <= steady + Tolerance)
        {
            return steady;
        }

        // Whoever loses the race put a mark as good as this one.
        Interlocked.CompareExchange(ref _mark, new(wall, inner.GetTimestamp()), mark);
        return wall;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => inner.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);

    private sealed record Mark(DateTimeOffset At, long Timestamp);
}
