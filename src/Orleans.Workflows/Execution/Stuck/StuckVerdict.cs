namespace Orleans.Workflows.Execution.Stuck;

/// <summary>What to do about an attempt now.</summary>
/// <param name="Step">The step to be on: another one than before is to be taken.</param>
/// <param name="LookAgainIn">When to decide again, unless it speaks first. Null: when it speaks.</param>
internal readonly record struct StuckVerdict(StuckStep Step, TimeSpan? LookAgainIn);
