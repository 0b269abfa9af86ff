using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Schedules;

/// <summary>Load, decide, start, save: what a crash cuts off between the last two is done again and finds its run.</summary>
internal sealed partial class ScheduleGrain
{
    /// <summary>Decisions in one turn: each starts one run at most, and a call of a grain may last 30 s.</summary>
    private const int MostSteps = 100;

    private readonly HashSet<RunId> _asked = [];
    private ScheduleState? _state;
    private ScheduleCalendar? _calendar;

    public async Task WakeAsync()
    {
        TimeSpan? retry = null;
        try
        {
            retry = await StepAsync();
        }
        catch (Exception exception)
        {
            // Whatever it was, what is durable is right; what is due is done again.
            LogStep(Name, exception);
            Forget();
            retry = RetryPause;
        }

        await KeepReminderAsync();
        SetClock(retry);
        Watch();
    }

    /// <summary>Deals with what is due. Not null: there is more to do after that time.</summary>
    private async Task<TimeSpan?> StepAsync()
    {
        for (var steps = 0; steps < MostSteps; steps++)
        {
            if (await LoadAsync() is not { } loaded || !ScheduleDecisions.IsDue(loaded, _calendar, Now))
            {
                return null;
            }

            var state = await ObserveAsync(loaded);
            var decision = ScheduleDecisions.Decide(state, _calendar, Now);
            var next = decision.Next;
            if (decision.Start is { } start)
            {
                var (run, failure) = await StartAsync(state.Row, start);
                if (failure is not null && IsPassing(failure))
                {
                    LogRefused(Name, failure.Message);
                    return failure.RetryAfter ?? RetryPause;
                }

                next = ScheduleDecisions.Acted(next, start, run, failure, Now);
            }

            if (ReferenceEquals(next, state))
            {
                _state = state;
            }
            else if (!await SaveAsync(next))
            {
                continue;
            }

            await EndOthersAsync(decision);
            if (!decision.IsMore)
            {
                return null;
            }
        }

        return TimeSpan.Zero;
    }

    private async Task<ScheduleState?> LoadAsync()
    {
        if (_state is null && await ledger.ReadScheduleAsync(Name) is { } row)
        {
            Take(ScheduleState.From(row));
        }

        return _state;
    }

    /// <summary>What the ledger says of the runs under way: what this activation remembers of them proves nothing.</summary>
    private async Task<ScheduleState> ObserveAsync(ScheduleState state) =>
        state.UnderWay.Length == 0
            ? state
            : ScheduleDecisions.Observe(state, await Task.WhenAll(state.UnderWay.Select(run => ledger.ReadRunAsync(run))));

    /// <summary>Starts it, or finds that it was started. Exceptions mean that it is not known; the same key is used again.</summary>
    private async Task<(RunId? Run, Failure? Failure)> StartAsync(ScheduleRow row, DueStart start)
    {
        var (caller, key) = (ScheduleKeys.CallerOf(Name), ScheduleKeys.KeyOf(row, start));
        var request = JsonSerializer.Deserialize(row.Run, RequestJson.Default.StartRunRequest)!;
        // No start is tried later than the window; so the key is there as long as it might be tried again.
        var result = await starter.StartAsync(request, new(caller, key, IdempotencyKey: key, KeepKey: row.CatchUpWindow + _options.KeepKeys));
        return result switch
        {
            { Run: { } run } => (run.Id, null),
            { Failure.Kind: FailureKind.KeyReused } when await ledger.ReadIdempotencyAsync(caller, key) is { } claim => (claim.Run, null),
            _ => (null, result.Failure),
        };
    }

    private async Task<bool> SaveAsync(ScheduleState next)
    {
        var row = next.ToRow(Now);
        try
        {
            if (await ledger.PutScheduleAsync(row))
            {
                Take(next with { Row = row });
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

    private async Task EndOthersAsync(ScheduleDecision decision)
    {
        if (!decision.EndsOthers)
        {
            return;
        }

        var (row, policy) = (decision.Next.Row, decision.Next.Overlap);
        foreach (var run in decision.Next.UnderWay.Where(run => !_asked.Contains(run)))
        {
            var command = new RunCommand
            {
                Id = ScheduleKeys.CommandOf(row, run, policy),
                Caller = ScheduleKeys.CallerOf(Name),
                CorrelationId = $"{row.Incarnation:N}",
                Text = $"Schedule '{Name}' is due again.",
            };
            var grain = GrainFactory.GetRun(run);
            // Refused where it has just ended, which is what is wanted.
            await (policy == OverlapPolicy.CancelOther ? grain.CancelAsync(command) : grain.TerminateAsync(command));
            _asked.Add(run);
        }
    }

    private void Take(ScheduleState state)
    {
        if (_calendar is null || _state?.Row.Incarnation != state.Row.Incarnation || _state.Spec != state.Spec)
        {
            _calendar = ScheduleCalendar.Create(state.Spec, state.Row.Incarnation, out var failure);
            if (failure is not null)
            {
                LogProblem(Name, failure.Message);
            }
        }

        _state = state;
        _asked.RemoveWhere(run => !state.UnderWay.Contains(run));
    }

    private void Forget() => (_state, _calendar) = (null, null);

    private static bool IsPassing(Failure failure) => failure.Retryable || failure.Kind is FailureKind.Unavailable or FailureKind.Exhausted;

    [LoggerMessage(LogLevel.Warning, "Schedule {Schedule} could not do what is due; it is done again.")]
    private partial void LogStep(string schedule, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Schedule {Schedule} could not start a run yet: {Reason}")]
    private partial void LogRefused(string schedule, string reason);

    [LoggerMessage(LogLevel.Error, "Schedule {Schedule} is never due: {Reason}")]
    private partial void LogProblem(string schedule, string reason);
}
