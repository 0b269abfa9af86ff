using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Workspaces.Collection;

/// <summary>Asks the ledger whether anything of a run may still be needed. The runs of a session share home and workspace, so they are over together.</summary>
internal sealed class SessionStore(ILedger ledger, TimeProvider time)
{
    private const int Page = 500;

    /// <summary>Whether every run of the run's session has ended, has no open attempt, and can't be continued any more.</summary>
    public async ValueTask<bool> IsOverAsync(RunId run, string nodeDirectory, CancellationToken cancellationToken)
    {
        if (await ledger.ReadRunAsync(run, cancellationToken) is not { } row)
        {
            // Deleted from the ledger, or another ledger's: then only what lives speaks for it.
            return !IsSupervised(run, nodeDirectory);
        }

        if (!IsOver(row))
        {
            return false;
        }

        for (var query = new RunQuery { SessionId = row.SessionId, Limit = Page, WithTotal = false }; ;)
        {
            var page = await ledger.ListRunsAsync(query, cancellationToken);
            if (!page.Runs.All(IsOver))
            {
                return false;
            }

            if (page.Next is null)
            {
                return true;
            }

            query = query with { Cursor = page.Next };
        }
    }

    private bool IsOver(RunRow row) => row.Status.IsTerminal() && row.OpenAttempt is null && !(row.ContinueUntil >= time.GetUtcNow());

    private static bool IsSupervised(RunId run, string nodeDirectory)
    {
        foreach (var attempt in AttemptDirectory.All(nodeDirectory).Where(attempt => attempt.Run == run.Value))
        {
            using var free = attempt.TryLock();
            if (free is null)
            {
                return true;
            }
        }

        return false;
    }
}
