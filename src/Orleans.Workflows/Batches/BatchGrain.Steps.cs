using Microsoft.Extensions.Logging;
using Orleans.Workflows.Failures;
using Orleans.Runtime;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Batches;

/// <summary>Ask the page, count, read the next page, save: one write a page, and what a crash cuts off before it is asked again.</summary>
internal sealed partial class BatchGrain
{
    private const int AtOnce = 16;

    /// <summary>How often a run is asked whose command fails, the database being there; then it counts as failed, so that one can't hold up all others for ever.</summary>
    private const int MostTries = 5;

    /// <summary>The same where a silo may be the reason: others need half a minute to see that one is gone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Dictionary<RunId, (int Count, long Since)> _tries = [];
    private BatchState? _state;
    private Task _step = Task.CompletedTask;

    /// <summary>Deals with one page. Not null: there is more to do after that time.</summary>
    private async Task<TimeSpan?> StepAsync()
    {
        if (await LoadAsync() is not { Status: BatchStatus.Running } state)
        {
            return null;
        }

        var next = BatchDecisions.Count(state, await AskAllAsync(state));
        next = _canceledBy is { } caller ? BatchDecisions.Cancel(next, caller)
            : next.Pending.Length > 0 ? next
            : BatchDecisions.IsThrough(next) ? BatchDecisions.Complete(next)
            : BatchDecisions.Take(next, await ledger.ListRunsAsync(BatchDecisions.PageOf(next)));
        var isStuck = next.Pending.Length > 0 && state.Pending.Contains(next.Pending[0]);
        if (!ReferenceEquals(next, state) && !await SaveAsync(next))
        {
            return RetryPause;
        }

        return next.Status != BatchStatus.Running ? null : isStuck ? RetryPause : TimeSpan.Zero;
    }

    /// <summary>What the runs of the page answered; who is missing did not, or was not asked because somebody stopped the batch, or this silo.</summary>
    private async Task<Dictionary<RunId, BatchOutcome>> AskAllAsync(BatchState state)
    {
        var outcomes = new Dictionary<RunId, BatchOutcome>();
        using var places = new SemaphoreSlim(AtOnce);
        await Task.WhenAll(state.Pending.Select(async run =>
        {
            await places.WaitAsync();
            try
            {
                if (_canceledBy is null && !IsStopping && await TryAskAsync(state, run) is { } outcome)
                {
                    outcomes[run] = outcome;
                    _tries.Remove(run);
                }
            }
            finally
            {
                places.Release();
            }
        }));
        return outcomes;
    }

    private async Task<BatchOutcome?> TryAskAsync(BatchState state, RunId run)
    {
        try
        {
            var outcome = await (state.Operation == BatchOperation.Retry ? StartAgainAsync(state, run) : AskAsync(state, run));
            return outcome is BatchOutcome.Failed { Failure.Kind: FailureKind.Unavailable } && !IsLastTry(run, isOfSilo: true) ? null : outcome;
        }
        catch (LedgerUnavailableException)
        {
            return null;
        }
        catch (Exception exception)
        {
            if (!IsLastTry(run, exception is OrleansException or TimeoutException))
            {
                return null;
            }

            LogRun(Id, run, exception);
            return new BatchOutcome.Failed(Failure.Unavailable($"The run did not answer: {exception.Message}", RetryPause) with { Code = "no_answer" });
        }
    }

    private async Task<BatchOutcome> AskAsync(BatchState state, RunId run)
    {
        var command = new RunCommand
        {
            Id = BatchKeys.CommandOf(Id, run),
            Caller = state.Row.Caller,
            CorrelationId = BatchKeys.CorrelationOf(Id),
            Text = state.Row.Reason,
        };
        var grain = GrainFactory.GetRun(run);
        var result = await (state.Operation switch
        {
            BatchOperation.Cancel => grain.CancelAsync(command),
            BatchOperation.Terminate => grain.TerminateAsync(command),
            BatchOperation.Pause => grain.PauseAsync(command),
            _ => grain.ResumeAsync(command),
        });
        var stands = result.Failure is null && (await ledger.ReadCommandsAsync(run, pendingOnly: false)).Any(known => known.Id == command.Id);
        return BatchDecisions.Judge(state.Operation, result, stands);
    }

    private async Task<BatchOutcome> StartAgainAsync(BatchState state, RunId run)
    {
        // Once the run can't be continued any more it is not tried again; so the key is there as long as it might be.
        var keep = _options.ContinueWindow + _options.KeepKeys;
        var context = new StartContext(state.Row.Caller, BatchKeys.CorrelationOf(Id), IdempotencyKey: BatchKeys.KeyOf(Id, run), KeepKey: keep);
        var result = await starter.RetryAsync(run, new(), context);
        return result switch
        {
            { Failure: { } failure } => new BatchOutcome.Failed(failure),
            { Run: not null } => new BatchOutcome.Done(),
            _ => throw new InvalidOperationException($"The start of run {run} came to nothing."),
        };
    }

    private async Task<BatchState?> LoadAsync()
    {
        if (_state is null && await ledger.ReadBatchAsync(Id) is { } row)
        {
            _state ??= BatchState.From(row);
        }

        return _state;
    }

    private async Task<bool> SaveAsync(BatchState next)
    {
        var row = next.ToRow(Now);
        try
        {
            if (await ledger.PutBatchAsync(row))
            {
                _state = next with { Row = row };
                return true;
            }
        }
        catch
        {
            Forget();
            throw;
        }

        // Another activation wrote first: its record is the truth.
        Forget();
        return false;
    }

    private bool IsLastTry(RunId run, bool isOfSilo)
    {
        var (count, since) = _tries.GetValueOrDefault(run, (0, time.GetTimestamp()));
        _tries[run] = (count + 1, since);
        return isOfSilo ? time.GetElapsedTime(since) >= Patience : count + 1 >= MostTries;
    }

    private void Forget() => _state = null;
}
