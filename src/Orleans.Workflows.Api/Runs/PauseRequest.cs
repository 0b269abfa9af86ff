namespace Orleans.Workflows.Api.Runs;

/// <summary>Has a run stand still.</summary>
public sealed record PauseRequest
{
    /// <summary>Why; at most 1,000 characters.</summary>
    public string? Reason { get; init; }
}
