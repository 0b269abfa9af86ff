using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Batches;

/// <summary>What came of one run.</summary>
internal abstract record BatchOutcome
{
    /// <summary>The batch's command stands in the run's record.</summary>
    public sealed record Done : BatchOutcome;

    /// <summary>The run was already where the operation leads.</summary>
    public sealed record Skipped : BatchOutcome;

    public sealed record Failed(Failure Failure) : BatchOutcome;
}
