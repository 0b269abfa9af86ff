using System.Reflection;
using Orleans.Workflows.Ledger;

namespace Orleans.Workflows.Api.Tests.Running;

/// <summary>The real ledger, but for one member behind which the database is away.</summary>
public class FaultyLedger : DispatchProxy
{
    private ILedger? _inner;
    private string? _away;

    public static ILedger Around(ILedger inner, string away)
    {
        var proxy = Create<ILedger, FaultyLedger>();
        ((FaultyLedger)(object)proxy)._inner = inner;
        ((FaultyLedger)(object)proxy)._away = away;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == _away ? throw new LedgerUnavailableException("away", new TimeoutException()) : targetMethod.Invoke(_inner, args);
}
