using Orleans.Workflows.Ledger;

namespace Orleans.Workflows.Runs;

/// <summary>Reading a run back, and who may leave memory when.</summary>
internal sealed partial class WorkflowGrain
{
    private Task<RunState?>? _loading;
    private IGrainTimer? _leaving;

    /// <summary>The durable state; null when there is no such run, which is not remembered.</summary>
    private async Task<RunState?> LoadAsync()
    {
        if (_state is not null)
        {
            return _state;
        }

        // Reads interleave; they share one load.
        var loading = _loading ??= ReadAsync(ledger, Id);
        try
        {
            var loaded = await loading;
            if (_state is null && loaded is not null)
            {
                _state = loaded;
                SetClock();
                foreach (var delivery in RunDecisions.Recalled(loaded).Effects)
                {
                    CarryOut(delivery);
                }
            }

            return _state;
        }
        finally
        {
            _loading = null;
        }
    }

    /// <summary>All that is durable of a run; null when there is none.</summary>
    internal static async Task<RunState?> ReadAsync(ILedger ledger, RunId run)
    {
        if (await ledger.ReadRunAsync(run) is not { } row)
        {
            return null;
        }

        var state = new RunState { Row = row, Spec = RunSpec.FromJson(row.Spec), Details = RunDetails.FromJson(row.Details) };
        if (row.Epoch > 0)
        {
            var attempts = await ledger.ReadAttemptsAsync(run);
            state = state with
            {
                Attempt = attempts.FirstOrDefault(attempt => attempt.EndedAt is null),
                Ended = attempts.Where(attempt => attempt.EndedAt is not null).Aggregate(AttemptSums.None, (sums, attempt) => sums.Add(attempt)),
            };
        }

        return row.Status.IsTerminal() ? state : state with { Inbox = [.. await ledger.ReadCommandsAsync(run, pendingOnly: true)] };
    }

    /// <summary>Behind a long queue, or long before its start, a run need not be in memory: its claim or the scan loads it again.</summary>
    private void LeaveMemoryIfItWaitsLong()
    {
        if (StartsLater || admission.Waiting >= _options.ResidentQueue)
        {
            DeactivateOnIdle();
        }
    }

    /// <summary>By itself an activation stays a quarter of an hour: of many short runs that is most of the memory.</summary>
    private void LeaveMemorySoon() => _leaving ??= this.RegisterGrainTimer(
        _ =>
        {
            DeactivateOnIdle();
            return Task.CompletedTask;
        },
        new GrainTimerCreationOptions(_options.KeepEnded, Timeout.InfiniteTimeSpan) { Interleave = true });

    private static RunInfo InfoOf(RunState state, DateTimeOffset now) =>
        RunInfos.From(state.Row, state.Details, now, state.Inbox.Count(command => command.Kind == CommandKinds.Message));

    private RunInfo InfoOf(RunState state) => InfoOf(state, Now);
}
