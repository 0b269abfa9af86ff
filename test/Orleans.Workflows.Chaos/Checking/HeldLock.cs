namespace Orleans.Workflows.Chaos.Checking;

/// <summary>A row of <c>locks</c>.</summary>
internal sealed record HeldLock(string Name, Guid Run, int Attempt);
