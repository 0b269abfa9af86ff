namespace Orleans.Workflows.Chaos.Checking;

/// <summary>An answer that promised a run: 201, or 200 for a repeat of its key.</summary>
/// <param name="Key">The idempotency key of the request.</param>
/// <param name="Run">The id in the answer.</param>
/// <param name="Bound">When the run's own time limits, queue included, are over at the latest.</param>
internal sealed record AcceptedStart(string Key, Guid Run, DateTimeOffset Bound);
