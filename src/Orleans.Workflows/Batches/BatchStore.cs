using System.Text.Json;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Batches;

/// <summary>The batches as callers ask for them: checks everything first, then lets the batch's grain make it durable.</summary>
public sealed class BatchStore(IGrainFactory grains, ILedger ledger, TimeProvider time)
{
    /// <summary>Characters of a reason.</summary>
    public const int ReasonLimit = 1_000;

    /// <summary>Begins a batch. What is refused leaves no row. The same key from the same caller gives the same batch, for as long as that is kept.</summary>
    public async Task<BatchResult> StartAsync(BatchRequest request, StartContext context, CancellationToken cancellationToken = default)
    {
        if (Check(request) is { } failure)
        {
            return BatchResult.Refused(failure);
        }

        var order = new BatchOrder
        {
            Operation = request.Operation,
            Filter = JsonSerializer.Serialize(request.Filter!, BatchJson.Default.RunFilter),
            Reason = request.Reason,
            Caller = context.Caller,
            CorrelationId = context.CorrelationId,
            IdempotencyKey = context.IdempotencyKey,
        };
        if (await FindAsync(order, cancellationToken) is { } known)
        {
            return known;
        }

        var result = await Grain(Guid.CreateVersion7(time.GetUtcNow())).StartAsync(order);
        return result is { Batch: null, Failure: null }
            ? await FindAsync(order, cancellationToken) ?? BatchResult.Refused(Failure.Unavailable("The idempotency key is being claimed.", TimeSpan.FromSeconds(1)))
            : result;
    }

    /// <summary>The batch as it is durable now, or null if there is none.</summary>
    public async Task<BatchInfo?> FindAsync(Guid batch, CancellationToken cancellationToken = default) =>
        await ledger.ReadBatchAsync(batch, cancellationToken) is { } row ? BatchState.From(row).ToInfo() : null;

    /// <summary>Batches without their failures, the last first; those before <paramref name="before"/>, at most <paramref name="limit"/>.</summary>
    public async Task<IReadOnlyList<BatchInfo>> ListAsync(Guid? before, int limit, CancellationToken cancellationToken = default) =>
        [.. (await ledger.ReadBatchesAsync(before, limit, cancellationToken)).Select(row => BatchState.From(row).ToInfo())];

    /// <summary>The grain of an id, whether or not there is such a batch.</summary>
    public IBatchGrain Grain(Guid batch) => grains.GetGrain<IBatchGrain>(batch);

    internal static Failure Missing(Guid batch) =>
        Failure.NotFound($"There is no batch {batch}.", "List the batches to find its id.") with { Code = "batch_not_found", Field = "id" };

    private static Failure? Check(BatchRequest request) =>
        !Enum.IsDefined(request.Operation)
            ? Failure.Invalid("operation", "'operation' is none of its choices.", $"Use one of: {string.Join(", ", Enum.GetNames<BatchOperation>())}.")
            : RunFilters.IsEmpty(request.Filter)
                ? Failure.Invalid("filter", "The filter has no condition, so it would mean every run.", "Give it at least one, such as 'queue' or 'status'; to mean every run, say so with 'createdTo' and the time now.")
                : RunFilters.Check("filter", request.Filter!) ?? RunRequests.CheckText("reason", request.Reason, ReasonLimit);

    /// <summary>What the caller's key already stands for.</summary>
    private async Task<BatchResult?> FindAsync(BatchOrder order, CancellationToken cancellationToken)
    {
        if (order.IdempotencyKey is null || await ledger.ReadBatchAsync(order.Caller, order.IdempotencyKey, cancellationToken) is not { } row)
        {
            return null;
        }

        return IsSame(row, order) ? new(BatchState.From(row).ToInfo(), Existing: true) : BatchResult.Refused(RunRequests.KeyReused("Idempotency-Key"));
    }

    private static bool IsSame(BatchRow row, BatchOrder order) =>
        row.Operation == order.Operation.ToString() && row.Filter == order.Filter && row.Reason == order.Reason;
}
