using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Reading;

public sealed record QueuedRunRow(RunId Run, string Queue, DateTimeOffset QueuedAt, DateTimeOffset? NextDeadline, string? Node = null, string? Demand = null);
