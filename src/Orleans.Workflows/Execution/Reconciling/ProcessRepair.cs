namespace Orleans.Workflows.Execution.Reconciling;

/// <summary>What puts a difference right, by the ordinary way.</summary>
internal enum ProcessRepair
{
    /// <summary>The ledger shows it open here and nobody follows it: it is followed, which finds its agent or its end.</summary>
    Adopt = 1,

    /// <summary>It is followed here and the ledger does not show it open: it was ended elsewhere, or the ledger is older than it. It is stopped.</summary>
    Stop = 2,

    /// <summary>As <see cref="Stop"/>, but nobody follows its supervisor.</summary>
    End = 3,

    /// <summary>Processes carry its marker, and it has neither a supervisor nor an open row: they are ended.</summary>
    Sweep = 4,
}
