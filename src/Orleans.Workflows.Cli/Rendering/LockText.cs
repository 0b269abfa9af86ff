using Orleans.Workflows.Admission.Locks;
using Spectre.Console;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>Locks as a table: a line a holder, or one for a lock that is only waited for.</summary>
internal static class LockText
{
    public static void WriteTable(IAnsiConsole console, IReadOnlyList<LockInfo> locks)
    {
        var table = Tables.Create("LOCK", "MODE", "HELD BY", ">ATTEMPT", ">TOKEN", "SINCE", ">WAITING");
        foreach (var item in locks)
        {
            foreach (var holder in item.Holders.DefaultIfEmpty())
            {
                table.AddTexts(
                    PlainText.Line(item.Name),
                    holder?.Mode.ToString().ToLowerInvariant(),
                    holder?.Run.ToString(),
                    Figures.Count(holder?.Attempt),
                    $"{holder?.Token}",
                    Figures.Moment(holder?.AcquiredAt),
                    Figures.Count(item.Waiting));
            }
        }

        console.Write(table);
    }
}
