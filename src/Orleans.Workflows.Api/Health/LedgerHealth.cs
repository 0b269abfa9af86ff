using Orleans.Workflows.Ledger;

namespace Orleans.Workflows.Api.Health;

/// <summary>Whether the database answers. Asked at most once in a moment, however many probes come. Thread-safe.</summary>
internal sealed class LedgerHealth(ILedger ledger, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<string?> _last = Task.FromResult<string?>("not asked yet");
    private long _askedAt = long.MinValue;

    /// <summary>Null when it does; else what is wrong.</summary>
    public Task<string?> FaultAsync()
    {
        lock (_lock)
        {
            var isFresh = _askedAt != long.MinValue && time.GetElapsedTime(_askedAt) < Fresh;
            if (!isFresh && (_last.IsCompleted || _askedAt == long.MinValue))
            {
                (_askedAt, _last) = (time.GetTimestamp(), AskAsync());
            }

            return _last;
        }
    }

    private async Task<string?> AskAsync()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            await ledger.PingAsync(patience.Token).WaitAsync(Patience, time);
            return null;
        }
        catch (Exception exception)
        {
            return exception is OperationCanceledException or TimeoutException ? $"did not answer within {Patience.TotalSeconds:0} s" : "can't be reached";
        }
    }
}
