using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Runs.Races;

/// <summary>A real ledger that holds an append until it is told to let it go, and remembers what was committed in its order.</summary>
public class SteppedLedger : DispatchProxy
{
    private readonly ConcurrentDictionary<RunId, ConcurrentQueue<RunRow>> _committed = [];
    private readonly Lock _lock = new();
    private readonly List<(Predicate<LedgerAppend> Which, HeldAppend Held)> _held = [];
    private ILedger _ledger = null!;

    public static (ILedger Ledger, SteppedLedger Steps) Around(ILedger ledger)
    {
        var proxy = Create<ILedger, SteppedLedger>();
        var steps = (SteppedLedger)(object)proxy;
        steps._ledger = ledger;
        return (proxy, steps);
    }

    /// <summary>The next append that fits arrives and stays until it is released.</summary>
    public HeldAppend Hold(Predicate<LedgerAppend> which)
    {
        var held = new HeldAppend();
        lock (_lock)
        {
            _held.Add((which, held));
        }

        return held;
    }

    /// <summary>The run's states as they were committed.</summary>
    public IReadOnlyList<RunRow> HistoryOf(RunId run) => _committed.TryGetValue(run, out var rows) ? [.. rows] : [];

    /// <summary>As another silo's writer does: nothing holds it.</summary>
    public async Task<AppendResult> AppendElsewhereAsync(LedgerAppend append)
    {
        var result = await _ledger.AppendAsync(append);
        if (result.IsCommitted)
        {
            _committed.GetOrAdd(append.Run.Id, static _ => []).Enqueue(append.Run);
        }

        return result;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == nameof(ILedger.AppendAsync)
        ? AppendAsync((LedgerAppend)args![0]!)
        : targetMethod.Invoke(_ledger, args);

    private async Task<AppendResult> AppendAsync(LedgerAppend append)
    {
        HeldAppend? held = null;
        lock (_lock)
        {
            var at = _held.FindIndex(hold => hold.Which(append));
            if (at >= 0)
            {
                held = _held[at].Held;
                _held.RemoveAt(at);
            }
        }

        if (held is not null)
        {
            await held.ArriveAsync();
        }

        return await AppendElsewhereAsync(append);
    }
}
