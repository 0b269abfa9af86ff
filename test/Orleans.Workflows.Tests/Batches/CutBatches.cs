using System.Reflection;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Tests.Batches;

/// <summary>A real ledger whose connection is lost at a batch's write of a version: before it, or after it and before its answer. Or where the runs of a page are held.</summary>
public class CutBatches : DispatchProxy
{
    private ILedger _ledger = null!;
    private (long Version, bool After)? _cut;

    /// <summary>Completed when runs that are asked may go on.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>Completes when somebody reads a batch.</summary>
    public TaskCompletionSource? Asked { get; set; }

    public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Cuts { get; private set; }

    public static (ILedger Ledger, CutBatches Cuts) Around(ILedger ledger)
    {
        var proxy = Create<ILedger, CutBatches>();
        var cuts = (CutBatches)(object)proxy;
        cuts._ledger = ledger;
        return (proxy, cuts);
    }

    public void Cut(long version, bool after) => (_cut, Cuts) = ((version, after), 0);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(ILedger.ReadBatchAsync))
        {
            Asked?.TrySetResult();
        }

        return targetMethod.Name switch
        {
            nameof(ILedger.PutBatchAsync) => PutAsync((BatchRow)args![0]!),
            nameof(ILedger.ReadCommandsAsync) when Hold is { } hold => HoldAsync(hold, targetMethod, args),
            _ => targetMethod.Invoke(_ledger, args),
        };
    }

    private async Task<bool> PutAsync(BatchRow row)
    {
        if (_cut is not { } cut || cut.Version != row.Version)
        {
            return await _ledger.PutBatchAsync(row);
        }

        (_cut, Cuts) = (null, Cuts + 1);
        if (cut.After)
        {
            await _ledger.PutBatchAsync(row);
        }

        throw new LedgerUnavailableException("cut");
    }

    private async Task<IReadOnlyList<CommandRow>> HoldAsync(TaskCompletionSource hold, MethodInfo method, object?[]? args)
    {
        Held.TrySetResult();
        await hold.Task;
        return await (Task<IReadOnlyList<CommandRow>>)method.Invoke(_ledger, args)!;
    }
}
