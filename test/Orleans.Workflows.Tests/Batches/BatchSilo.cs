using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Batches;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Tests.Batches;

/// <summary>Runs wait until a batch ends them.</summary>
public sealed class BatchSilo() : SlotlessSilo("batches")
{
    public CutBatches Cuts { get; private set; } = null!;

    internal BatchStore Batches => Services.GetRequiredService<BatchStore>();

    /// <summary>Starts runs of a queue and returns them in the order of acceptance.</summary>
    internal async Task<RunId[]> StartAsync(string queue, int count)
    {
        var starter = Services.GetRequiredService<RunStarter>();
        var runs = await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
            (await starter.StartAsync(new() { Agent = "scripted", Message = "do", Queue = queue }, new("test", "c"))).Run!.Id));
        return [.. runs.Order()];
    }

    internal async Task<BatchInfo> BeginAsync(BatchOperation operation, RunFilter filter)
    {
        var result = await Batches.StartAsync(new() { Operation = operation, Filter = filter, Reason = "enough" }, new("alice", "c"));
        Assert.Null(result.Failure);
        return result.Batch!;
    }

    internal Task<BatchInfo> EndOfAsync(BatchInfo batch) => WaitFor.Value(
        async token => await Batches.FindAsync(batch.Id, token) is { Status: not BatchStatus.Running } ended ? ended : null,
        () => $"Batch {batch.Id} has not ended.",
        TestTimeouts.Process,
        cancellationToken: TestContext.Current.CancellationToken);

    protected override ILedger Around(ILedger ledger)
    {
        (var around, Cuts) = CutBatches.Around(ledger);
        return around;
    }
}
