namespace Orleans.Workflows.Ledger.Writing;

/// <summary>How a writer waits for a database that is away: with growing pauses, up to a bound.</summary>
internal sealed class Outage(TimeSpan bound, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public Trial Begin() => new(this);

    internal sealed class Trial(Outage outage)
    {
        private readonly long _started = outage._time.GetTimestamp();
        private TimeSpan _pause = FirstPause;

        /// <summary>False once the bound has passed. What has waited in the queue as long is failed too: none of it was written.</summary>
        public async ValueTask<bool> WaitAsync(AppendQueue queue)
        {
            var now = outage._time.GetTimestamp();
            foreach (var old in queue.TakeOlderThan(now - (long)(outage._bound.TotalSeconds * outage._time.TimestampFrequency)))
            {
                old.Fail(new LedgerUnavailableException("The database can't be reached; nothing of the append was written."));
            }

            if (outage._time.GetElapsedTime(_started) >= outage._bound)
            {
                return false;
            }

            await Task.Delay(_pause, outage._time);
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            return true;
        }
    }

    private readonly TimeSpan _bound = bound;
    private readonly TimeProvider _time = time;
}
