namespace Orleans.Workflows.Ledger.Rows;

/// <summary>A queue's settings. A queue without a row has the defaults.</summary>
/// <param name="Limit">Attempts of this queue at once; null is no limit but the nodes'.</param>
public sealed record QueueRow(string Name, int? Limit);
