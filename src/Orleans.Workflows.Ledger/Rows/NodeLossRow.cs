namespace Orleans.Workflows.Ledger.Rows;

/// <summary>An operator's word that a node's machine is off and will not return. Append-only.</summary>
/// <param name="StartedAt">Which process of the node it is about: a later one is not lost.</param>
/// <param name="Caller">Whose word it is.</param>
public sealed record NodeLossRow(string Node, DateTimeOffset StartedAt, DateTimeOffset At, string Caller, string Reason, string CorrelationId);
