namespace Orleans.Workflows.Ledger.Writing;

/// <summary>
/// How a writer bears a database that is away: with growing pauses, until each append has waited for as long as its caller
/// is promised.
/// </summary>
internal sealed class Outage(TimeSpan bound, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private long? _since;
    private TimeSpan _pause = FirstPause;

    public long Now => time.GetTimestamp();

    /// <summary>The database has answered.</summary>
    public void End() => (_since, _pause) = (null, FirstPause);

    /// <summary>
    /// Waits before the next try. What has waited long enough, of the batch or in the queue, is failed now; the rest of the
    /// batch is returned.
    /// </summary>
    /// <param name="items">The batch, of which anything may have been written.</param>
    /// <param name="queue">What waits behind it, of which nothing was written.</param>
    /// <param name="begun">When the try that failed was begun.</param>
    /// <param name="error">What it met.</param>
    public async ValueTask<List<PendingAppend>> WaitAsync(List<PendingAppend> items, AppendQueue queue, long begun, Exception error)
    {
        // An append that waited before the database went away has the whole bound from then on.
        _since ??= begun;
        if (time.GetElapsedTime(_since.Value) < bound)
        {
            await PauseAsync();
            return items;
        }

        var before = time.GetTimestamp() - (long)(bound.TotalSeconds * time.TimestampFrequency);
        queue.TakeOlderThan(before).ForEach(old => old.Fail(new LedgerUnavailableException("The database can't be reached; nothing of the append was written.", error)));
        var rest = items.Where(item => item.EnqueuedAt >= before).ToList();
        items.Except(rest).ToList().ForEach(item => item.Fail(new LedgerUnavailableException(
            "The database could not be reached in time; whether the append was committed is unknown. Read the run again.", error)));
        if (rest.Count > 0)
        {
            await PauseAsync();
        }

        return rest;
    }

    private async Task PauseAsync()
    {
        await Task.Delay(_pause, time);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }
}
