namespace Orleans.Workflows.Execution;

/// <summary>No live silo serves the node now. What was asked stands in the ledger and is asked again.</summary>
[GenerateSerializer, Alias("node-unreachable")]
internal sealed class NodeUnreachableException(string node) : Exception($"No live silo serves node '{node}' now.");
