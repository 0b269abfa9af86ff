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
    /// <param name="run">Any run of the session.</param>
    /// <param name="nodeDirectory">Where a run that the ledger does not know is looked for.</param>
    /// <param name="mayBeContinued">Whether a run that could still be continued counts as over: somebody asks for it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<bool> IsOverAsync(RunId run, string nodeDirectory, bool mayBeContinued, CancellationToken cancellationToken) =>
        await UseOfAsync(run, nodeDirectory, mayBeContinued, cancellationToken) != CollectionUse.Needed;

    /// <summary>As <see cref="IsOverAsync"/>, but tells a run that the ledger does not know.</summary>
    public async ValueTask<CollectionUse> UseOfAsync(RunId run, string nodeDirectory, bool mayBeContinued, CancellationToken cancellationToken)
    {
        if (await ledger.ReadRunAsync(run, cancellationToken) is not { } row)
        {
            // Deleted from the ledger, or another ledger's: then only what lives speaks for it.
            return IsSupervised(run, nodeDirectory) ? CollectionUse.Needed : CollectionUse.Unknown;
        }

        return IsOver(row, mayBeContinued) && await IsSessionOverAsync(row, mayBeContinued, cancellationToken) ? CollectionUse.Over : CollectionUse.Needed;
    }

    private async Task<bool> IsSessionOverAsync(RunRow row, bool mayBeContinued, CancellationToken cancellationToken)
    {
        for (var query = new RunQuery { SessionId = row.SessionId, Limit = Page, WithTotal = false }; ;)
        {
            var page = await ledger.ListRunsAsync(query, cancellationToken);
            if (!page.Runs.All(other => IsOver(other, mayBeContinued)))
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

    private bool IsOver(RunRow row, bool mayBeContinued) => row.Status.IsTerminal() && row.OpenAttempt is null && (mayBeContinued || !(row.ContinueUntil >= time.GetUtcNow()));

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
