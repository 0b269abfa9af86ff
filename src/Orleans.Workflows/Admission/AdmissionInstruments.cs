using System.Diagnostics.Metrics;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission;

/// <summary>What admission had to put right, which stays at zero while everybody tells what happened; and what it holds back by itself.</summary>
internal static class AdmissionInstruments
{
    private static readonly Meter Meter = new("Orleans.Workflows");

    private static readonly Counter<long> Repairs = Meter.CreateCounter<long>(
        "workflows.admission.repairs", "{repair}", "Slots and locks that differed from the ledger's rows and were put right.");

    private static readonly Counter<long> Held = Meter.CreateCounter<long>(
        "workflows.admission.holds", "{hold}", "Holds that the service put by itself: reset times and circuits that opened.");

    public static void OnHeld(LimitDimension dimension, HoldSource source) => Held.Add(
        1, new KeyValuePair<string, object?>("dimension", dimension.ToString()), new KeyValuePair<string, object?>("source", source.ToString()));

    /// <summary>A slot was held for an attempt that the ledger shows as ended.</summary>
    public static void OnSlotFreed() => Repairs.Add(1, new KeyValuePair<string, object?>("repair", "freed"));

    /// <summary>An attempt that the ledger shows as open had no slot.</summary>
    public static void OnSlotOccupied() => Repairs.Add(1, new KeyValuePair<string, object?>("repair", "occupied"));

    /// <summary>Locks were held for a run that the ledger shows without any.</summary>
    public static void OnLocksFreed() => Repairs.Add(1, new KeyValuePair<string, object?>("repair", "locksFreed"));

    /// <summary>The ledger shows locks of a run that were not known.</summary>
    public static void OnLocksOccupied() => Repairs.Add(1, new KeyValuePair<string, object?>("repair", "locksOccupied"));
}
