using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Reading;

public sealed record DueRunRow(RunId Run, RunStatus Status, DateTimeOffset Deadline);
