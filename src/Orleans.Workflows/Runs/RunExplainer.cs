using Orleans.Workflows.Admission;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Runs;

/// <summary>Says why a run does not run yet: the ledger knows its state, admission everything that holds it back.</summary>
public sealed class RunExplainer(ILedger ledger, IGrainFactory grains)
{
    /// <summary>Null: there is no such run.</summary>
    public async Task<RunExplanation?> ExplainAsync(RunId run, CancellationToken cancellationToken = default)
    {
        if (await ledger.ReadRunAsync(run, cancellationToken) is not { } row)
        {
            return null;
        }

        var wait = row.Status == RunStatus.Queued ? await grains.GetGrain<IAdmissionGrain>(0).ExplainAsync(run) : null;
        var due = row.Status is RunStatus.Scheduled or RunStatus.Waiting ? row.NextDeadline : null;
        return new() { Run = run, Status = row.Status, Text = Text(row, wait), Deadline = row.NextDeadline, DueAt = due, Wait = wait };
    }

    private static string Text(RunRow row, WaitInfo? wait) => row.Status switch
    {
        RunStatus.Queued when wait is not null => $"It waits in queue '{row.Queue}' for {string.Join("; and ", wait.Causes.Select(cause => cause.Text))}.",
        RunStatus.Queued => $"It waits in queue '{row.Queue}', and admission hears of it within seconds, or has just granted it a slot.",
        RunStatus.Scheduled => $"It waits for {row.WaitsFor}; then it joins queue '{row.Queue}'.",
        var status when status.IsTerminal() => $"It does not wait: it has ended ({status}, {row.Reason}).",
        _ when RunDecisions.IsPausing(row) => $"It does not wait: on node {row.Node} its agent {(row.Reason!.Code == ReasonCodes.Paused ? "ends its turn" : "brings its tool calls to their ends")}, then it is paused. {row.Reason.Text}",
        _ when row.WaitsFor is { } what => $"It waits for {what}.",
        var status => $"It does not wait: it is {status} on node {row.Node}.",
    };
}
