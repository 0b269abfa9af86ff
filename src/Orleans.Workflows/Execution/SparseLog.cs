namespace Orleans.Workflows.Execution;

/// <summary>For what is found again each second: due at once, then after pauses that double from 5 s to a minute.</summary>
internal sealed class SparseLog(TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private TimeSpan _pause = FirstPause;
    private long? _saidAt;

    /// <summary>True when it is to be said now; then it counts as said.</summary>
    public bool IsDue()
    {
        if (_saidAt is { } since)
        {
            if (time.GetElapsedTime(since) < _pause)
            {
                return false;
            }

            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        }

        _saidAt = time.GetTimestamp();
        return true;
    }
}
