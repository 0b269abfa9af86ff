using System.Text.Json;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Schedules;

/// <summary>A schedule's record with its JSON read.</summary>
internal sealed record ScheduleState
{
    public required ScheduleRow Row { get; init; }

    public required ScheduleSpec Spec { get; init; }

    public required OverlapPolicy Overlap { get; init; }

    /// <summary>What waits for the end of a run, oldest first.</summary>
    public DueStart[] Buffered { get; init; } = [];

    /// <summary>Runs that it started and that have not been seen to have ended, oldest first.</summary>
    public RunId[] UnderWay { get; init; } = [];

    /// <summary>Newest first.</summary>
    public ScheduleAction[] Recent { get; init; } = [];

    public static ScheduleState From(ScheduleRow row) => new()
    {
        Row = row,
        Spec = JsonSerializer.Deserialize(row.Spec, ScheduleJson.Default.ScheduleSpec)!,
        Overlap = Enum.Parse<OverlapPolicy>(row.Overlap),
        Buffered = JsonSerializer.Deserialize(row.Buffered, ScheduleJson.Default.DueStartArray)!,
        UnderWay = JsonSerializer.Deserialize(row.UnderWay, ScheduleJson.Default.RunIdArray)!,
        Recent = JsonSerializer.Deserialize(row.Recent, ScheduleJson.Default.ScheduleActionArray)!,
    };

    /// <summary>The record's next version.</summary>
    public ScheduleRow ToRow(DateTimeOffset now) => Row with
    {
        Version = Row.Version + 1,
        Spec = JsonSerializer.Serialize(Spec, ScheduleJson.Default.ScheduleSpec),
        Overlap = Overlap.ToString(),
        Buffered = JsonSerializer.Serialize(Buffered, ScheduleJson.Default.DueStartArray),
        UnderWay = JsonSerializer.Serialize(UnderWay, ScheduleJson.Default.RunIdArray),
        Recent = JsonSerializer.Serialize(Recent, ScheduleJson.Default.ScheduleActionArray),
        UpdatedAt = now,
    };
}
