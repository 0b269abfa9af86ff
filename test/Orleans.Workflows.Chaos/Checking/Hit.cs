namespace Orleans.Workflows.Chaos.Checking;

/// <summary>Something that may end an agent, and so explains one more start: of a run, or of every run at work on a node then.</summary>
/// <param name="Kind">The fault, for whoever reads the evidence.</param>
/// <param name="Run">The run whose agent or supervisor was hit, or null.</param>
/// <param name="Node">The node that was hit, or null.</param>
/// <param name="From">When it began.</param>
/// <param name="To">When it was over.</param>
internal sealed record Hit(string Kind, Guid? Run, string? Node, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Whether it may have ended this attempt.</summary>
    public bool Explains(LedgerAttempt attempt) =>
        Run == attempt.Run || (Node == attempt.Node && attempt.ClaimedAt <= To && !(attempt.EndedAt < From));
}
