using System.Reflection;
using Orleans.Workflows.Ledger;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>The real ledger, with something that happens after it has read or written and before the answer arrives; what throws loses the answer.</summary>
public class HeldLedger : DispatchProxy
{
    private readonly Dictionary<string, Action> _after = [];
    private ILedger _ledger = null!;

    public static (ILedger Ledger, HeldLedger Hold) Around(ILedger ledger)
    {
        var proxy = Create<ILedger, HeldLedger>();
        var held = (HeldLedger)(object)proxy;
        held._ledger = ledger;
        return (proxy, held);
    }

    /// <summary>Once, at the next call of <paramref name="method"/>.</summary>
    public void After(string method, Action happens) => _after[method] = happens;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var answer = targetMethod!.Invoke(_ledger, args);
        if (_after.Remove(targetMethod.Name, out var happens))
        {
            // Every answer of these tests' ledger is a task.
            ((Task)answer!).GetAwaiter().GetResult();
            happens();
        }

        return answer;
    }
}
