namespace Orleans.Workflows.TestKit.Servers;

/// <summary>The services that find by themselves what others forgot to tell.</summary>
[Flags]
public enum Watchers
{
    None = 0,

    /// <summary>Takes over attempts at start.</summary>
    Adoption = 1,

    /// <summary>Wakes overdue runs.</summary>
    DeadlineScan = 2,

    /// <summary>Compares processes with the ledger.</summary>
    Reconciler = 4,

    /// <summary>Looks for lost nodes.</summary>
    NodeLoss = 8,

    /// <summary>Wakes the schedules at start.</summary>
    Schedules = 16,

    /// <summary>Wakes the open batches at start.</summary>
    Batches = 32,

    All = Adoption | DeadlineScan | Reconciler | NodeLoss | Schedules | Batches,
}
