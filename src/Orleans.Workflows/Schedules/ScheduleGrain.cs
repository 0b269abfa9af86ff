using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Schedules;

/// <summary>What callers ask of a schedule. See <see cref="IScheduleGrain"/> for what it promises; <c>ScheduleGrain.*.cs</c> hold its parts.</summary>
internal sealed partial class ScheduleGrain(
    ILedger ledger,
    RunStarter starter,
    IOptions<RunOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<ScheduleGrain> logger) : Grain, IScheduleGrain
{
    private readonly RunOptions _options = options.Value;

    private string Name => this.GetPrimaryKeyString();

    private DateTimeOffset Now => time.GetUtcNow();

    public async Task<ScheduleResult> PutAsync(ScheduleOrder order)
    {
        var isNew = await LoadAsync() is null;
        if (!isNew && order.OnlyNew)
        {
            return ScheduleResult.Refused(Failure.Conflict("schedule_exists", $"There is a schedule '{Name}'.", "Choose another name, or replace it.") with { Field = "name" });
        }

        // What was due stays due as it was when it became so; and a longer window must not reach back to what may have been started.
        if (!isNew && await StepAsync() is { } more)
        {
            return ScheduleResult.Refused(Failure.Unavailable("The schedule still has to start what was due before.", more > RetryPause ? more : RetryPause) with { Remedy = "Send the same request again after the delay, or pause the schedule first." });
        }

        if (isNew)
        {
            await Reminder.AddAsync();
        }

        var state = _state ?? First();
        state = state with
        {
            Spec = order.Spec,
            Overlap = order.Overlap,
            Row = state.Row with { Run = order.Run, CatchUpWindow = order.CatchUpWindow, Note = order.Note ?? state.Row.Note },
        };
        var result = await ChangeAsync(order.Paused is { } paused ? Pausing(state, paused) : state);
        return result with { Created = isNew };
    }

    public async Task<ScheduleInfo?> GetAsync()
    {
        if (await LoadAsync() is not { } state)
        {
            return null;
        }

        _state = await ObserveAsync(state);
        return Info(_state);
    }

    public async Task<bool> DeleteAsync()
    {
        var state = await LoadAsync();
        Forget();
        var deleted = state is not null && await ledger.DeleteScheduleAsync(Name, state.Row.Incarnation);
        await Reminder.RemoveAsync();
        DeactivateOnIdle();
        return deleted;
    }

    public Task<ScheduleResult> PauseAsync(string? note) => PauseAsync(paused: true, note);

    public Task<ScheduleResult> UnpauseAsync(string? note) => PauseAsync(paused: false, note);

    public async Task<ScheduleResult> TriggerAsync(Guid id)
    {
        if (await LoadAsync() is not { } state)
        {
            return ScheduleResult.Refused(ScheduleStore.Missing(Name));
        }

        if (ActionOf(state, id) is { } known)
        {
            return new(Info(state), Action: known);
        }

        state = await ObserveAsync(state);
        var now = Now;
        var (decision, outcome) = ScheduleDecisions.Trigger(state, id, now);
        var next = decision.Next;
        if (decision.Start is { } start)
        {
            var (run, failure) = await StartAsync(state.Row, start);
            if (failure is not null && IsPassing(failure))
            {
                return ScheduleResult.Refused(failure);
            }

            next = ScheduleDecisions.Acted(next, start, run, failure, Now);
        }

        var result = await ChangeAsync(next);
        return result.Failure is not null
            ? result
            : result with { Action = _state is { } saved ? ActionOf(saved, id) ?? new() { DueAt = now, At = now, Outcome = outcome, Trigger = id } : null };
    }

    private async Task<ScheduleResult> PauseAsync(bool paused, string? note)
    {
        if (await LoadAsync() is not { } state)
        {
            return ScheduleResult.Refused(ScheduleStore.Missing(Name));
        }

        return state.Row.Paused == paused && (note is null || note == state.Row.Note)
            ? new(Info(state))
            : await ChangeAsync(Pausing(state with { Row = state.Row with { Note = note ?? state.Row.Note } }, paused));
    }

    /// <summary>What was due while it was paused is not caught up.</summary>
    private ScheduleState Pausing(ScheduleState state, bool paused)
    {
        var (row, now) = (state.Row, Now);
        var handled = row.Paused && !paused && now > row.HandledUntil ? now : row.HandledUntil;
        return state with { Row = row with { Paused = paused, HandledUntil = handled } };
    }

    private ScheduleState First()
    {
        var now = Now;
        return new()
        {
            Spec = new(),
            Overlap = OverlapPolicy.Skip,
            Row = new()
            {
                Name = Name,
                Incarnation = Guid.NewGuid(),
                Version = 0,
                Spec = "",
                Run = "",
                Overlap = "",
                CatchUpWindow = TimeSpan.Zero,
                HandledUntil = now,
                Buffered = "",
                UnderWay = "",
                Recent = "",
                CreatedAt = now,
                UpdatedAt = now,
            },
        };
    }

    /// <summary>Makes a caller's change durable, then goes on with what it allows.</summary>
    private async Task<ScheduleResult> ChangeAsync(ScheduleState next)
    {
        if (!await SaveAsync(next))
        {
            return ScheduleResult.Refused(Failure.Unavailable("Another silo changed the schedule at the same moment.", RetryPause));
        }

        var info = Info(_state!);
        await WakeAsync();
        return new(_state is { } now ? Info(now) : info);
    }

    private static ScheduleAction? ActionOf(ScheduleState state, Guid trigger) =>
        state.Recent.FirstOrDefault(action => action.Trigger == trigger)
        ?? (Array.Find(state.Buffered, start => start.Trigger == trigger) is { } waiting
            ? new() { DueAt = waiting.DueAt, At = waiting.DueAt, Outcome = ScheduleOutcome.Buffered, Trigger = trigger }
            : null);

    private ScheduleInfo Info(ScheduleState state) => ScheduleInfos.From(state, Now);
}
