using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Batches;

/// <summary>What a batch does next, as pure functions of its record and of what its runs answered.</summary>
internal static class BatchDecisions
{
    /// <summary>Runs of a page: so many are asked before progress is written.</summary>
    public const int PageSize = 100;

    /// <summary>Refusals that are kept; the others are counted.</summary>
    public const int MostFailures = 1_000;

    private const int MessageLimit = 1_000;

    /// <summary>The next page: oldest first, so that what a run does meanwhile moves no other into or out of a page, and only what was accepted before the batch, so that it ends.</summary>
    public static RunQuery PageOf(BatchState state) => new(state.Filter)
    {
        CreatedTo = state.Filter.CreatedTo is { } to && to < state.Row.CreatedAt ? to : state.Row.CreatedAt,
        Sort = RunSort.Created,
        Descending = false,
        After = state.Row.MoreAfter is { } last ? new RunId(last) : null,
        Limit = PageSize,
        WithTotal = state.Row.Matched is null,
    };

    /// <summary>Whether all pages were read.</summary>
    public static bool IsThrough(BatchState state) => state.Row is { Matched: not null, MoreAfter: null };

    /// <summary>Takes the runs of a page on. Those that can't be moved any more are not even asked: terminal is for ever.</summary>
    public static BatchState Take(BatchState state, RunPage page)
    {
        var asked = page.Runs.Where(run => !IsThere(state.Operation, run)).Select(run => run.Id).ToArray();
        var taken = state with
        {
            Pending = asked,
            Row = state.Row with
            {
                Matched = state.Row.Matched ?? page.Total,
                MoreAfter = page.Next is null ? null : page.Runs[^1].Id.Value,
                Skipped = state.Row.Skipped + page.Runs.Count - asked.Length,
            },
        };
        return taken.Pending.Length == 0 && IsThrough(taken) ? Complete(taken) : taken;
    }

    /// <summary>Counts what the runs of the page answered; those that did not stay to be asked again.</summary>
    public static BatchState Count(BatchState state, IReadOnlyDictionary<RunId, BatchOutcome> outcomes)
    {
        if (outcomes.Count == 0)
        {
            return state;
        }

        // In the order of the runs, whoever answered first.
        var answered = state.Pending.Where(outcomes.ContainsKey).Select(run => (Run: run, Outcome: outcomes[run])).ToArray();
        var failed = answered.Where(answer => answer.Outcome is BatchOutcome.Failed).Select(answer => Failure(answer.Run, ((BatchOutcome.Failed)answer.Outcome).Failure)).ToArray();
        return state with
        {
            Pending = [.. state.Pending.Where(run => !outcomes.ContainsKey(run))],
            Failures = [.. state.Failures.Concat(failed).Take(MostFailures)],
            Row = state.Row with
            {
                Done = state.Row.Done + answered.Count(answer => answer.Outcome is BatchOutcome.Done),
                Skipped = state.Row.Skipped + answered.Count(answer => answer.Outcome is BatchOutcome.Skipped),
                Failed = state.Row.Failed + failed.Length,
            },
        };
    }

    /// <summary>It has been through all of them. Who left the filter before his turn was none of them.</summary>
    public static BatchState Complete(BatchState state) => state with
    {
        Status = BatchStatus.Completed,
        Row = state.Row with { Matched = state.Row.Done + state.Row.Skipped + state.Row.Failed },
    };

    /// <summary>Nobody else is asked.</summary>
    public static BatchState Cancel(BatchState state, string caller) => state with
    {
        Status = BatchStatus.Canceled,
        Pending = [],
        Row = state.Row with { MoreAfter = null, CanceledBy = caller },
    };

    /// <param name="operation">What it was asked.</param>
    /// <param name="result">What it answered.</param>
    /// <param name="stands">Whether this batch's command is in the run's record: a repeat after a crash finds what the first did.</param>
    public static BatchOutcome Judge(BatchOperation operation, RunCommandResult result, bool stands) => result.Failure switch
    {
        null => stands ? new BatchOutcome.Done() : new BatchOutcome.Skipped(),
        _ when operation is BatchOperation.Cancel or BatchOperation.Terminate or BatchOperation.Pause && (result.Run is null || result.Run.Status.IsTerminal()) => new BatchOutcome.Skipped(),
        // It goes on by itself, which is all that a resumption could bring.
        _ when operation == BatchOperation.Resume && result.Run is { } run && run.Status != RunStatus.Paused && !run.Status.IsTerminal() => new BatchOutcome.Skipped(),
        { } failure => new BatchOutcome.Failed(failure),
    };

    private static bool IsThere(BatchOperation operation, RunRow run) =>
        (operation is BatchOperation.Cancel or BatchOperation.Terminate or BatchOperation.Pause && run.Status.IsTerminal())
        || (operation == BatchOperation.Pause && run.Status == RunStatus.Paused);

    private static BatchFailure Failure(RunId run, Failure failure) =>
        new(run, failure.Code, failure.Message.Length <= MessageLimit ? failure.Message : failure.Message[..MessageLimit]);
}
