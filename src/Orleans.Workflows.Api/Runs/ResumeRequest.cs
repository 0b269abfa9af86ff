namespace Orleans.Workflows.Api.Runs;

/// <summary>Has a paused run go on.</summary>
public sealed record ResumeRequest
{
    /// <summary>Why; at most 1,000 characters.</summary>
    public string? Reason { get; init; }
}
