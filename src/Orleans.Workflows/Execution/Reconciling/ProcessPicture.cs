using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution.Reconciling;

/// <summary>One look at this node.</summary>
/// <param name="Open">What the ledger shows open here.</param>
/// <param name="Followed">What this silo follows; attempt 0 is a slot kept for a launch.</param>
/// <param name="Supervised">Attempts with a living supervisor and no record of their end.</param>
/// <param name="Marked">Attempts with files on this node whose marker is in some process.</param>
internal sealed record ProcessPicture(
    IReadOnlySet<(RunId Run, int Attempt)> Open,
    IReadOnlySet<(RunId Run, int Attempt)> Followed,
    IReadOnlySet<(RunId Run, int Attempt)> Supervised,
    IReadOnlySet<(RunId Run, int Attempt)> Marked);
