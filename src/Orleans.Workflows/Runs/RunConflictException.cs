namespace Orleans.Workflows.Runs;

/// <summary>A step was refused by the ledger, most likely because another activation wrote first. The command may be repeated; the write may not.</summary>
[GenerateSerializer, Alias("run-conflict")]
public sealed class RunConflictException(string message) : Exception(message)
{
    /// <summary>What the database said of a step that breaks one of its rules, so that the same content never enters; null where it is about who wrote first.</summary>
    [Id(0)] public string? Refusal { get; init; }
}
