namespace Orleans.Workflows.Chaos.Checking;

/// <summary>A lock that a run asked for.</summary>
internal sealed record AskedLock(string Name, bool IsExclusive);
