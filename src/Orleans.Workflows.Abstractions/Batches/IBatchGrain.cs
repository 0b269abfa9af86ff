using Orleans.Concurrency;

namespace Orleans.Workflows.Batches;

/// <summary>
/// One batch; the key is its id. Goes through the runs that matched, page by page, and asks the same of each. The ids of a page
/// are durable before its first run is asked, and each run's command has an id made of the batch and the run: what a
/// crash cut off is asked again, changes nothing and is counted once. After a crash the next silo's start or a reminder
/// (a minute later at most) goes on. A call that timed out is unknown and may be sent again.
/// </summary>
[Alias("batch-grain")]
public interface IBatchGrain : IGrainWithGuidKey
{
    /// <summary>Makes the batch durable and begins.</summary>
    [Alias("start")]
    Task<BatchResult> StartAsync(BatchOrder order);

    /// <summary>Has it ask no more runs; those that are being asked are still counted. Canceling a canceled batch is a no-op, a completed one refuses.</summary>
    [Alias("cancel"), AlwaysInterleave]
    Task<BatchResult> CancelAsync(string caller);

    /// <summary>Goes on if it is not over. Harmless at any time.</summary>
    [Alias("wake")]
    Task WakeAsync();
}
