namespace Orleans.Workflows.Api.Runs;

/// <summary>Asks a run to stop politely.</summary>
public sealed record CancelRequest
{
    /// <summary>Why; at most 1,000 characters.</summary>
    public string? Reason { get; init; }
}
