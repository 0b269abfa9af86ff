using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution;

/// <summary>
/// The slots of this node and the attempts in them, at most one a run. A slot is the process's own count: the ledger may show
/// an attempt as ended a moment before its slot is free, so whoever is granted the next one waits for it here.
/// </summary>
internal sealed class NodeSlots(int count, TimeProvider time)
{
    private readonly ConcurrentDictionary<RunId, FollowedAttempt> _attempts = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _freed = NewSignal();

    /// <summary>Slots in use, reserved ones included.</summary>
    public int InUse => _attempts.Count;

    /// <summary>Those that were taken, launched or adopted within so long.</summary>
    public int CountSince(TimeSpan age) => _attempts.Values.Count(attempt => time.GetElapsedTime(attempt.Since) < age);

    /// <summary>What was launched or adopted here and has not ended.</summary>
    public IEnumerable<(RunId Run, FollowedAttempt Attempt)> Launched =>
        _attempts.Where(slot => !slot.Value.IsReservation).Select(slot => (slot.Key, slot.Value));

    /// <summary>All slots in use, by run and attempt; attempt 0 is a reservation.</summary>
    public IEnumerable<(RunId Run, int Attempt)> Taken => _attempts.Select(slot => (slot.Key, slot.Value.Number));

    /// <summary>Takes a slot for a run; false when none became free in time, or the run's own earlier attempt kept its.</summary>
    public async Task<bool> ReserveAsync(RunId run, TimeSpan patience)
    {
        using var over = new CancellationTokenSource(patience, time);
        while (true)
        {
            // Taken before the try: a slot that becomes free in between is not missed.
            var freed = Volatile.Read(ref _freed).Task;
            if (TryReserve(run))
            {
                return true;
            }

            if (over.IsCancellationRequested)
            {
                return false;
            }

            await Task.WhenAny(freed, Task.Delay(Timeout.InfiniteTimeSpan, time, over.Token));
        }
    }

    /// <summary>Turns a reservation into its attempt; false when there is none.</summary>
    public bool TryLaunch(RunId run, FollowedAttempt attempt) =>
        _attempts.TryGetValue(run, out var reserved) && reserved.IsReservation && _attempts.TryUpdate(run, attempt, reserved);

    /// <summary>An attempt of an earlier process has its slot, free or not: it runs already.</summary>
    public bool TryAdopt(RunId run, FollowedAttempt attempt) => _attempts.TryAdd(run, attempt);

    public bool TryFind(RunId run, int number, [NotNullWhen(true)] out FollowedAttempt? attempt) =>
        _attempts.TryGetValue(run, out attempt) && attempt.Number == number;

    /// <summary>Gives back a slot that no attempt was launched in.</summary>
    public void CancelReservation(RunId run)
    {
        if (_attempts.TryGetValue(run, out var attempt) && attempt.IsReservation)
        {
            Free(run, attempt);
        }
    }

    public void Free(RunId run, FollowedAttempt attempt)
    {
        if (_attempts.TryRemove(new(run, attempt)))
        {
            Interlocked.Exchange(ref _freed, NewSignal()).TrySetResult();
        }
    }

    private bool TryReserve(RunId run)
    {
        lock (_lock)
        {
            return _attempts.Count < count && _attempts.TryAdd(run, new FollowedAttempt(0, time));
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
