namespace Orleans.Workflows.Ledger.Rows;

/// <summary>A workflow's content by its SHA-256 (lower-case hex), so that every node can run a pinned one.</summary>
public sealed record DefinitionRow(string Hash, string? Workflow, string Content, DateTimeOffset At);
