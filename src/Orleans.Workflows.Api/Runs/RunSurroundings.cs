using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Runs;

/// <summary>What a run's answer says beside the run itself.</summary>
public sealed record RunSurroundings
{
    /// <summary>Its place in its queue, 1 for the next; null when it does not wait in one.</summary>
    public int? Position { get; init; }

    /// <summary>The runs that continue it, oldest first.</summary>
    public IReadOnlyList<RunId> Continuations { get; init; } = [];

    public required RunLinks Links { get; init; }
}
