using System.Diagnostics.Metrics;

namespace Orleans.Workflows.Execution.Reconciling;

/// <summary>What the comparison of processes with the ledger found. Repairs stay at zero while everybody tells what happened, also when silos are killed.</summary>
internal static class ProcessInstruments
{
    private static readonly Meter Meter = new("Orleans.Workflows");

    private static readonly Counter<long> Looks = Meter.CreateCounter<long>(
        "workflows.processes.looks", "{look}", "Comparisons of this node's processes with the ledger's open attempts.");

    private static readonly Counter<long> Repairs = Meter.CreateCounter<long>(
        "workflows.processes.repairs", "{attempt}", "Attempts whose processes differed from the ledger and were put right.");

    public static void OnLooked() => Looks.Add(1);

    public static void OnRepaired(ProcessRepair repair) => Repairs.Add(1, new KeyValuePair<string, object?>("repair", repair switch
    {
        ProcessRepair.Adopt => "adopted",
        ProcessRepair.Sweep => "swept",
        _ => "ended",
    }));
}
