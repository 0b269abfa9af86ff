using Orleans.Workflows.Ledger;
using Orleans.Workflows.Nodes;

namespace Orleans.Workflows.Api.Health;

/// <summary>
/// Whether the database answers and takes writes: reads go on where the disk is full. Asked at most once in a moment, however
/// many probes come, and written to once in some seconds. Thread-safe.
/// </summary>
internal sealed class LedgerHealth(ILedger ledger, NodeLeaseService lease, TimeProvider time)
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
            return await lease.CanWriteAsync(patience.Token).WaitAsync(Patience, time) ? null : "takes no writes: its disk may be full";
        }
        catch (Exception exception)
        {
            return exception is OperationCanceledException or TimeoutException ? $"did not answer within {Patience.TotalSeconds:0} s" : "can't be reached";
        }
    }
}
