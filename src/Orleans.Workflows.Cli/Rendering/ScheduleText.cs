using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Schedules;
using Spectre.Console;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>Schedules as people read them.</summary>
internal static class ScheduleText
{
    private const int NoteLimit = 60;

    public static void WriteTable(IAnsiConsole console, IReadOnlyList<ScheduleListing> schedules)
    {
        var table = Tables.Create("SCHEDULE", "WHEN", "NEXT", "OVERLAP", ">STARTED", ">SKIPPED", ">MISSED", ">FAILED", "NOTE");
        foreach (var schedule in schedules)
        {
            table.AddTexts(
                PlainText.Line(schedule.Name), PlainText.Line(When(schedule.Spec)), Next(schedule), schedule.Overlap.ToString(),
                Figures.Count(schedule.Started), Figures.Count(schedule.Skipped), Figures.Count(schedule.Missed), Figures.Count(schedule.Failed),
                PlainText.Line(schedule.Problem ?? schedule.Note, NoteLimit));
        }

        console.Write(table);
    }

    public static void Write(IAnsiConsole console, ScheduleListing schedule)
    {
        console.Write(Tables.CreateList(
        [
            ("schedule", schedule.Name),
            ("when", When(schedule.Spec)),
            ("from", Figures.Moment(schedule.Spec?.StartAt)),
            ("until", Figures.Moment(schedule.Spec?.EndAt)),
            ("jitter", Seconds(schedule.Spec?.JitterSeconds)),
            ("overlap", schedule.Overlap.ToString()),
            ("catch-up window", Seconds(schedule.CatchUpWindowSeconds)),
            ("paused", schedule.Paused ? "yes" : null),
            ("note", schedule.Note),
            ("problem", schedule.Problem),
            ("next", string.Join('\n', schedule.NextTimes.Select(time => Figures.Moment(time)))),
            ("under way", string.Join('\n', schedule.UnderWay)),
            ("waiting", string.Join('\n', schedule.Buffered.Select(time => Figures.Moment(time)))),
            ("started", Figures.Count(schedule.Started)),
            ("skipped", Figures.Count(schedule.Skipped)),
            ("missed", Figures.Count(schedule.Missed)),
            ("failed", Figures.Count(schedule.Failed)),
            ("runs", schedule.Run?.ToString()),
        ]));
        if (schedule.RecentActions.Count == 0)
        {
            return;
        }

        var table = Tables.Create("DUE", "AT", "OUTCOME", "RUN", "WHY");
        foreach (var action in schedule.RecentActions)
        {
            table.AddTexts(
                action.Triggered ? "triggered" : Figures.Moment(action.DueAt), Figures.Moment(action.At), action.Outcome.ToString(), action.Run?.ToString(), PlainText.Line(action.Problem));
        }

        console.Write(table);
    }

    private static string When(ScheduleSpec? spec) => spec switch
    {
        { Cron: { } cron } => $"{string.Join("; ", cron)} {spec.TimeZone ?? "UTC"}",
        { IntervalSeconds: { } interval } => $"every {Seconds(interval)}{(spec.OffsetSeconds is > 0 ? $" + {Seconds(spec.OffsetSeconds)}" : "")}",
        _ => Figures.Unknown,
    };

    private static string Next(ScheduleListing schedule) =>
        schedule.Paused ? "paused" : Figures.Moment(schedule.NextTimes.Count > 0 ? schedule.NextTimes[0] : null);

    private static string? Seconds(long? seconds) => seconds is null ? null : TimeSpan.FromSeconds(seconds.Value) switch
    {
        { TotalDays: >= 1 } time when time.Ticks % TimeSpan.TicksPerDay == 0 => $"{time.TotalDays}d",
        { TotalHours: >= 1 } time when time.Ticks % TimeSpan.TicksPerHour == 0 => $"{time.TotalHours}h",
        { TotalMinutes: >= 1 } time when time.Ticks % TimeSpan.TicksPerMinute == 0 => $"{time.TotalMinutes}m",
        var time => $"{time.TotalSeconds}s",
    };
}
