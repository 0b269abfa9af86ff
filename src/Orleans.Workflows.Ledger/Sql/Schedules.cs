using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>The statements of the table <c>schedules</c>.</summary>
internal static class Schedules
{
    public const string Select =
        """
        select name, incarnation, version, spec, run, overlap, catch_up_seconds, paused, note, handled_until, free_since,
          buffered, under_way, recent, started, skipped, missed, failed, created_at, updated_at from schedules
        """;

    public const string Insert =
        """
        insert into schedules (name, incarnation, version, spec, run, overlap, catch_up_seconds, paused, note, handled_until, free_since,
          buffered, under_way, recent, started, skipped, missed, failed, created_at, updated_at)
        values (@name, @incarnation, @version, @spec, @run, @overlap, @window, @paused, @note, @handled, @free,
          @buffered, @underWay, @recent, @started, @skipped, @missed, @failed, @created, @updated)
        on conflict (name) do nothing
        """;

    public const string Update =
        """
        update schedules set version = @version, spec = @spec, run = @run, overlap = @overlap, catch_up_seconds = @window, paused = @paused,
          note = @note, handled_until = @handled, free_since = @free, buffered = @buffered, under_way = @underWay, recent = @recent,
          started = @started, skipped = @skipped, missed = @missed, failed = @failed, created_at = @created, updated_at = @updated
        where name = @name and incarnation = @incarnation and version = @version - 1
        """;

    public const string Delete = "delete from schedules where name = @name and incarnation = @incarnation";

    public static ScheduleRow Read(RowReader row) => new()
    {
        Name = row.String(),
        Incarnation = row.Guid(),
        Version = row.Long(),
        Spec = row.String(),
        Run = row.String(),
        Overlap = row.String(),
        CatchUpWindow = TimeSpan.FromSeconds(row.Long()),
        Paused = row.Bool(),
        Note = row.StringOrNull(),
        HandledUntil = row.Time(),
        FreeSince = row.TimeOrNull(),
        Buffered = row.String(),
        UnderWay = row.String(),
        Recent = row.String(),
        Started = row.Long(),
        Skipped = row.Long(),
        Missed = row.Long(),
        Failed = row.Long(),
        CreatedAt = row.Time(),
        UpdatedAt = row.Time(),
    };

    public static (string, object?)[] Parameters(ScheduleRow row) =>
    [
        ("@name", row.Name), ("@incarnation", row.Incarnation), ("@version", row.Version), ("@spec", row.Spec), ("@run", row.Run),
        ("@overlap", row.Overlap), ("@window", (long)row.CatchUpWindow.TotalSeconds), ("@paused", row.Paused), ("@note", row.Note),
        ("@handled", row.HandledUntil), ("@free", row.FreeSince), ("@buffered", row.Buffered), ("@underWay", row.UnderWay),
        ("@recent", row.Recent), ("@started", row.Started), ("@skipped", row.Skipped), ("@missed", row.Missed), ("@failed", row.Failed),
        ("@created", row.CreatedAt), ("@updated", row.UpdatedAt),
    ];
}
