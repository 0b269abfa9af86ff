using System.Security.Cryptography;
using System.Text;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Schedules;

/// <summary>The names under which a schedule asks, the same for every repeat of the same thing.</summary>
internal static class ScheduleKeys
{
    public static string CallerOf(string schedule) => $"schedule:{schedule}";

    /// <summary>One key a due time, or a trigger, of one schedule's life.</summary>
    public static string KeyOf(ScheduleRow row, DueStart start) =>
        start.Trigger is { } trigger ? $"{row.Incarnation:N}:trigger:{trigger:N}" : $"{row.Incarnation:N}:{start.DueAt.ToUnixTimeMilliseconds()}";

    /// <summary>The id of the command that ends a run which is in the way.</summary>
    public static Guid CommandOf(ScheduleRow row, RunId run, OverlapPolicy policy) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{row.Incarnation}\n{run}\n{policy}")).AsSpan(0, 16));
}
