namespace Orleans.Workflows.Api.Runs;

/// <summary>Ends a run by force.</summary>
public sealed record TerminateRequest
{
    /// <summary>Why; at most 1,000 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>How long to wait for the proof that all is gone, 0 to 60; default 20.</summary>
    public double? WaitSeconds { get; init; }
}
