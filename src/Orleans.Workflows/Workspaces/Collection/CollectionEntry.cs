using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Workspaces.Collection;

/// <summary>One thing that a run left on this node.</summary>
/// <param name="Run">Whose it is.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Absolute.</param>
/// <param name="Bytes">As allocated on the disk is not known; the files' lengths.</param>
/// <param name="LastUsed">The latest change.</param>
public sealed record CollectionEntry(RunId Run, CollectionKind Kind, string Path, long Bytes, DateTimeOffset LastUsed);
