using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Runs;

/// <summary>A page of runs.</summary>
/// <param name="Items">Runs without their results: those are with each run.</param>
/// <param name="NextCursor">For the next page with the same filters; null on the last.</param>
/// <param name="Total">All that match; null when <c>total=false</c>.</param>
public sealed record RunPageDocument(IReadOnlyList<RunInfo> Items, string? NextCursor, long? Total);
