using Orleans.Workflows.Admission.Holds;
using Spectre.Console;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>Holds as tables.</summary>
internal static class HoldText
{
    public static void WriteTable(IAnsiConsole console, IReadOnlyList<HoldInfo> holds)
    {
        var table = Tables.Create("HOLD ON", "BY", "SINCE", "UNTIL", ">WAITING", "REASON");
        foreach (var hold in holds)
        {
            table.AddTexts(
                PlainText.Line(hold.Name),
                By(hold.Source, hold.Caller),
                Figures.Moment(hold.Since),
                hold.IsProbing ? hold.Probe is { } probe ? $"run {probe} tries" : "the next tries" : Figures.Moment(hold.Spec.Until),
                Figures.Count(hold.Waiting),
                PlainText.Line(hold.Spec.Reason));
        }

        console.Write(table);
    }

    public static void WriteHistory(IAnsiConsole console, IReadOnlyList<HoldChange> changes)
    {
        var table = Tables.Create(">#", "AT", "BY", "UNTIL", "REASON");
        foreach (var change in changes)
        {
            table.AddTexts(
                Figures.Count(change.Version),
                Figures.Moment(change.At),
                By(change.Source ?? HoldSource.Operator, change.Caller),
                change.Spec is null ? "released" : Figures.Moment(change.Spec.Until),
                PlainText.Line(change.Spec?.Reason ?? change.Note));
        }

        console.Write(table);
    }

    private static string By(HoldSource source, string caller) => source switch
    {
        HoldSource.Operator => PlainText.Line(caller),
        HoldSource.RateLimit => "rate limit",
        _ => "circuit",
    };
}
