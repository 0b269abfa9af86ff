using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution.Reconciling;

/// <summary>Where an attempt's processes on this node and the ledger differ.</summary>
internal readonly record struct ProcessDifference(ProcessRepair Repair, RunId Run, int Attempt);
