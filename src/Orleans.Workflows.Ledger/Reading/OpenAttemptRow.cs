using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Reading;

public sealed record OpenAttemptRow(RunId Run, int Number, string Node, string Queue, DateTimeOffset ClaimedAt, string? Demand = null);
