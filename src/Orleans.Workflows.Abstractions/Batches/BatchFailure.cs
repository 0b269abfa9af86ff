using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Batches;

/// <summary>A run that refused.</summary>
/// <param name="Run">The run.</param>
/// <param name="Code">The refusal's stable code in snake case, as the command by itself would have answered.</param>
/// <param name="Message">One sentence that says why; at most 1,000 characters.</param>
[GenerateSerializer, Immutable, Alias("batch-failure")]
public sealed record BatchFailure([property: Id(0)] RunId Run, [property: Id(1)] string Code, [property: Id(2)] string Message);
