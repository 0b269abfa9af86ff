using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Batches;

/// <summary>What callers ask of a batch. See <see cref="IBatchGrain"/> for what it promises; <c>BatchGrain.*.cs</c> hold its parts.</summary>
internal sealed partial class BatchGrain(
    ILedger ledger,
    RunStarter starter,
    IOptions<RunOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<BatchGrain> logger) : Grain, IBatchGrain
{
    private readonly RunOptions _options = options.Value;
    private string? _canceledBy;

    private Guid Id => this.GetPrimaryKey();

    private DateTimeOffset Now => time.GetUtcNow();

    public async Task<BatchResult> StartAsync(BatchOrder order)
    {
        if (await LoadAsync() is { } known)
        {
            return new(known.ToInfo(), Existing: true);
        }

        // Before the record: what is durable has somebody who goes on with it.
        await Reminder.AddAsync();
        var row = First(order);
        if (!await ledger.PutBatchAsync(row))
        {
            if (await LoadAsync() is { } stands)
            {
                return new(stands.ToInfo(), Existing: true);
            }

            await Reminder.RemoveAsync();
            DeactivateOnIdle();
            return new(null, Existing: true);
        }

        _state = BatchState.From(row);
        SetClock(TimeSpan.Zero);
        return new(_state.ToInfo());
    }

    public async Task<BatchResult> CancelAsync(string caller)
    {
        // The page that is being asked ends early and is counted; only then is it the turn of this.
        _canceledBy ??= caller;
        if (await ledger.ReadBatchAsync(Id) is null)
        {
            DeactivateOnIdle();
            return BatchResult.Refused(BatchStore.Missing(Id));
        }

        await _step.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (await LoadAsync() is { Status: BatchStatus.Running } open)
        {
            await SaveAsync(BatchDecisions.Cancel(open, _canceledBy));
            SetClock(TimeSpan.Zero);
        }

        return await LoadAsync() switch
        {
            { Status: BatchStatus.Canceled } canceled => new(canceled.ToInfo()),
            { Status: BatchStatus.Completed } => BatchResult.Refused(Failure.Conflict("batch_ended", "The batch has been through all of its runs.", "Nothing is left to be stopped.") with { Field = "id" }),
            _ => BatchResult.Refused(Failure.Unavailable("Another silo wrote the batch at the same moment.", RetryPause)),
        };
    }

    public async Task WakeAsync()
    {
        if (await LoadAsync() is { Status: BatchStatus.Running })
        {
            await KeepReminderAsync();
            SetClock(TimeSpan.Zero);
        }
    }

    private BatchRow First(BatchOrder order)
    {
        // As fine as the databases keep it, and none that was accepted before is left out.
        var now = Now;
        now = now.AddTicks(TimeSpan.TicksPerMicrosecond - (now.Ticks % TimeSpan.TicksPerMicrosecond));
        return new()
        {
            Id = Id,
            Version = 1,
            Operation = order.Operation.ToString(),
            Filter = order.Filter,
            Reason = order.Reason,
            Caller = order.Caller,
            CorrelationId = order.CorrelationId,
            IdempotencyKey = order.IdempotencyKey,
            Status = nameof(BatchStatus.Running),
            Pending = "[]",
            Failures = "[]",
            CreatedAt = now,
            UpdatedAt = now,
        };
    }
}
