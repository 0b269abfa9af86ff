using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Rows;

/// <summary>A held lock: it is there exactly while it is held.</summary>
/// <param name="Name">What is locked.</param>
/// <param name="Run">Who holds it, through all of its attempts.</param>
/// <param name="Attempt">The last one that was started under it.</param>
/// <param name="Mode"><c>Exclusive</c> or <c>Shared</c>.</param>
/// <param name="Token">Of that attempt: larger than that of every attempt that was started under a lock before.</param>
/// <param name="AcquiredAt">When the run took it.</param>
public sealed record LockRow(string Name, RunId Run, int Attempt, string Mode, long Token, DateTimeOffset AcquiredAt);
