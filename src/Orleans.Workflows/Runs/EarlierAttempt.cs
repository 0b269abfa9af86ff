using Orleans.Workflows.Agents;

namespace Orleans.Workflows.Runs;

/// <summary>What the next attempt is told of the one before it.</summary>
internal sealed record EarlierAttempt
{
    public required int Number { get; init; }

    /// <summary>How it ended: a reason code and its sentence.</summary>
    public required string Reason { get; init; }

    public required string Text { get; init; }

    /// <summary>Tool calls without a result, of this attempt or of those before it after which nothing was done.</summary>
    public IReadOnlyList<UnansweredTool>? Unanswered { get; init; }
}
