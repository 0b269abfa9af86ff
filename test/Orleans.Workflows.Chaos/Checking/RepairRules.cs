namespace Orleans.Workflows.Chaos.Checking;

/// <summary>Where nothing was harmed nothing has to be put right.</summary>
internal static class RepairRules
{
    public static IEnumerable<Violation> Check(History history)
    {
        if (history.IsHarmed)
        {
            yield break;
        }

        foreach (var repair in history.Repairs.Where(repair => !repair.IsLook))
        {
            yield return new(ViolationKind.Reconciled, null, $"{repair.Node} counted {repair.Counter} of '{repair.What}' although nothing was harmed");
        }

        foreach (var node in history.NodeSlots.Keys.Where(node => !history.Repairs.Any(repair => repair.IsLook && repair.Node == node)))
        {
            yield return new(ViolationKind.Reconciled, null, $"{node} never compared its processes with the ledger, so that no repair of it says nothing");
        }
    }
}
