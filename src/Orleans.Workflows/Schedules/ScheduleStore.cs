using System.Text.Json;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Schedules;

/// <summary>The schedules as callers ask for them: checks everything first, then lets the schedule's grain make it durable.</summary>
public sealed class ScheduleStore(IGrainFactory grains, RunStarter starter, ILedger ledger, TimeProvider time)
{
    /// <summary>Characters of a note.</summary>
    public const int NoteLimit = 1_000;

    /// <summary>Bounds of the catch-up window, in seconds.</summary>
    public const long LeastCatchUp = 10, MostCatchUp = 31_536_000, StandardCatchUp = 86_400;

    /// <summary>Creates a schedule or changes it whole. What is refused changes nothing.</summary>
    public Task<ScheduleResult> PutAsync(string name, ScheduleRequest request, bool onlyNew) =>
        (RunRequests.CheckName("name", name) ?? Check(request) ?? CheckStart(request.Run) ?? CheckRun(name, request.Run)) is { } failure
            ? Task.FromResult(ScheduleResult.Refused(failure))
            : Grain(name).PutAsync(new()
            {
                Spec = request.Spec,
                Run = JsonSerializer.Serialize(request.Run, RequestJson.Default.StartRunRequest),
                Overlap = request.Overlap ?? OverlapPolicy.Skip,
                CatchUpWindow = TimeSpan.FromSeconds(request.CatchUpWindowSeconds ?? StandardCatchUp),
                Paused = request.Paused,
                Note = request.Note,
                OnlyNew = onlyNew,
            });

    /// <summary>All of them by name, as they are durable now.</summary>
    public async Task<IReadOnlyList<ScheduleInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        return [.. (await ledger.ReadSchedulesAsync(cancellationToken)).Select(row => ScheduleInfos.From(ScheduleState.From(row), now))];
    }

    /// <summary>The grain of a name, whether or not there is such a schedule.</summary>
    public IScheduleGrain Grain(string name) => grains.GetGrain<IScheduleGrain>(name);

    internal static Failure Missing(string name) =>
        Failure.NotFound($"There is no schedule '{name}'.", "List the schedules to find its name.") with { Code = "schedule_not_found", Field = "name" };

    private Failure? Check(ScheduleRequest request)
    {
        if (ScheduleCalendar.Create(request.Spec, Guid.Empty, out var failure) is not { } calendar)
        {
            return failure;
        }

        if (calendar.Next(time.GetUtcNow()) is null)
        {
            return Failure.Invalid("spec", "The schedule is never due from now on.", "Check the day and month, and 'endAt'.");
        }

        return (request.Overlap is { } overlap && !Enum.IsDefined(overlap)
                ? Failure.Invalid("overlap", "'overlap' is no overlap policy.", $"Use one of: {string.Join(", ", Enum.GetNames<OverlapPolicy>())}.")
                : null)
            ?? ScheduleCalendar.CheckRange("catchUpWindowSeconds", request.CatchUpWindowSeconds, LeastCatchUp, MostCatchUp)
            ?? RunRequests.CheckText("note", request.Note, NoteLimit);
    }

    private static Failure? CheckStart(StartRunRequest run) =>
        run is { StartAt: null, StartAfterSeconds: null }
            ? null
            : Failure.Invalid(run.StartAt is null ? "run.startAfterSeconds" : "run.startAt", "When a schedule's runs start is its spec's to say.", "Leave it out, and shift the due times.");

    /// <summary>As the run's own start would be refused, but now: a workflow that is not there is a fault of this request.</summary>
    private Failure? CheckRun(string name, StartRunRequest run) =>
        starter.Check(run, new(ScheduleKeys.CallerOf(name), name)) is { } failure
            ? failure with { Kind = failure.Kind == FailureKind.NotFound ? FailureKind.Invalid : failure.Kind, Field = failure.Field is { } field ? $"run.{field}" : "run" }
            : null;
}
