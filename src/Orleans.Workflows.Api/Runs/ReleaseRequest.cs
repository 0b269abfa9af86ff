namespace Orleans.Workflows.Api.Runs;

/// <summary>Frees the slot of an attempt whose processes could not be ended.</summary>
public sealed record ReleaseRequest
{
    /// <summary>Why; at most 1,000 characters.</summary>
    public string? Reason { get; init; }
}
