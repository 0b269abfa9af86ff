namespace Orleans.Workflows.Api.Queues;

/// <summary>A queue's settings.</summary>
public sealed record QueueRequest
{
    /// <summary>Attempts at once, 1 to 100,000; null: no limit but the nodes'. Must be there, so that leaving it out lifts nothing.</summary>
    public required int? Limit { get; init; }
}
