using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Workflows;

/// <summary>The locks that a run asks for, or why they can't be said.</summary>
public sealed record LocksResult
{
    public IReadOnlyDictionary<string, LockMode> Locks { get; init; } = new Dictionary<string, LockMode>();

    public Failure? Failure { get; init; }
}
