using Orleans.Workflows.Ledger.Reading;

namespace Orleans.Workflows.Usage;

/// <summary>Adds an ended run to the sums.</summary>
internal static class MetricsFold
{
    public const string AdHoc = "(ad-hoc)";

    public static void Add(MetricsState state, EndedRunRow run)
    {
        var name = run.Workflow ?? AdHoc;
        var before = state.Totals.GetValueOrDefault(name) ?? new UsageTotals { Workflow = name };
        var runs = new Dictionary<Runs.RunStatus, long>(before.Runs);
        runs[run.Status] = runs.GetValueOrDefault(run.Status) + 1;
        state.Totals[name] = before with
        {
            Runs = runs,
            Attempts = before.Attempts + run.Attempts,
            Turns = before.Turns + (run.Turns ?? 0),
            ToolCalls = before.ToolCalls + (run.ToolCalls ?? 0),
            Usage = before.Usage.Add(run.Usage),
            WallMs = before.WallMs + (run.StartedAt is { } started ? (long)(run.EndedAt - started).TotalMilliseconds : 0),
            ApiMs = before.ApiMs + (run.ApiMs ?? 0),
            IncompleteRuns = before.IncompleteRuns + (run.UsageIncomplete ? 1 : 0),
        };
        state.Checkpoint[run.Writer] = run.WriterSeq;
    }
}
