namespace Orleans.Workflows.Runs;

/// <summary>A step was refused by the ledger, most likely because another activation wrote first. The command may be repeated; the write may not.</summary>
[GenerateSerializer, Alias("run-conflict")]
public sealed class RunConflictException(string message) : Exception(message);
