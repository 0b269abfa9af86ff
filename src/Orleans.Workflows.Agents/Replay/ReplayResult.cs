namespace Orleans.Workflows.Agents.Replay;

/// <summary>The outcome that a recorded stream gives: the document that <c>workflows replay</c> prints. Unknown is null.</summary>
public sealed record ReplayResult
{
    public required string Agent { get; init; }

    /// <summary><c>Completed</c> or <c>Failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The reason's code.</summary>
    public required string Reason { get; init; }

    /// <summary>The reason's sentence.</summary>
    public required string ReasonText { get; init; }

    public int? Turns { get; init; }

    public int? ToolCalls { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    public long? CacheReadTokens { get; init; }

    public long? CacheCreationTokens { get; init; }

    public decimal? CostUsd { get; init; }

    public string? SessionId { get; init; }

    public int PermissionDenials { get; init; }
}
