using System.Reflection;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Tests.Schedules;

/// <summary>A real ledger whose connection is lost at a schedule's next write: before it, or after it and before its answer.</summary>
public class CutLedger : DispatchProxy
{
    private ILedger _ledger = null!;
    private string? _before;
    private string? _after;

    public static (ILedger Ledger, CutLedger Cuts) Around(ILedger ledger)
    {
        var proxy = Create<ILedger, CutLedger>();
        var cuts = (CutLedger)(object)proxy;
        cuts._ledger = ledger;
        return (proxy, cuts);
    }

    public void CutBefore(string schedule) => _before = schedule;

    public void CutAfter(string schedule) => _after = schedule;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == nameof(ILedger.PutScheduleAsync)
        ? PutAsync((ScheduleRow)args![0]!)
        : targetMethod.Invoke(_ledger, args);

    private async Task<bool> PutAsync(ScheduleRow row)
    {
        if (Take(ref _before, row.Name))
        {
            throw new LedgerUnavailableException("cut");
        }

        var written = await _ledger.PutScheduleAsync(row);
        return Take(ref _after, row.Name) ? throw new LedgerUnavailableException("cut") : written;
    }

    private static bool Take(ref string? cut, string schedule) => cut == schedule && Interlocked.Exchange(ref cut, null) == schedule;
}
