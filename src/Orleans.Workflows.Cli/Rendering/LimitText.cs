using System.Globalization;
using Orleans.Workflows.Admission.Limits;
using Spectre.Console;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>Limits as tables.</summary>
internal static class LimitText
{
    private const int UsesShown = 3;

    public static void WriteTable(IAnsiConsole console, IReadOnlyList<LimitInfo> limits)
    {
        var table = Tables.Create("LIMIT", "BY", "KEY", "AT MOST", "USED", ">WAITING");
        foreach (var limit in limits)
        {
            table.AddTexts(
                PlainText.Line(limit.Name),
                By(limit.Spec),
                PlainText.Line(limit.Spec.Key ?? "*") + (limit.Spec.Shared ? " (together)" : ""),
                Value(limit.Spec),
                PlainText.Line(string.Join(", ", limit.Uses.Take(UsesShown).Select(use => use.Key is { Length: > 0 } key ? $"{key} {Used(use)}" : Used(use)))),
                Figures.Count(limit.Uses.Sum(use => use.Waiting)));
        }

        console.Write(table);
    }

    public static void WriteHistory(IAnsiConsole console, IReadOnlyList<LimitChange> changes)
    {
        var table = Tables.Create(">#", "AT", "CALLER", "BY", "KEY", "AT MOST", "NOTE");
        foreach (var change in changes)
        {
            table.AddTexts(
                Figures.Count(change.Version),
                Figures.Moment(change.At),
                PlainText.Line(change.Caller),
                change.Spec is { } spec ? By(spec) : null,
                PlainText.Line(change.Spec?.Key),
                change.Spec is null ? "removed" : Value(change.Spec),
                PlainText.Line(change.Note));
        }

        console.Write(table);
    }

    private static string By(LimitSpec spec) => spec.Label is { } label ? $"label {PlainText.Line(label)}" : spec.Dimension.ToString().ToLowerInvariant();

    private static string Value(LimitSpec spec) => (spec.Value, spec.Measure) switch
    {
        (null, _) => "no limit",
        ({ } value, LimitMeasure.Starts) => $"{Figures.Count((long)value)} starts in {Period(spec)}",
        ({ } value, LimitMeasure.Waiting) => $"{Figures.Count((long)value)} waiting",
        ({ } value, LimitMeasure.Tokens) => $"{Figures.Count((long)value)} tokens in {Period(spec)}" + Refused(spec),
        ({ } value, LimitMeasure.CostUsd) => $"{Amount(value)} USD in {Period(spec)}" + Refused(spec),
        ({ } value, _) => $"{Figures.Count((long)value)} running" + Refused(spec),
    };

    private static string Refused(LimitSpec spec) => spec.Reject ? ", else refused" : "";

    private static string Period(LimitSpec spec) => string.Create(CultureInfo.InvariantCulture, $"{spec.PeriodSeconds:0.###} s");

    private static string Used(LimitUse use) => Amount(use.Used) + (use.Reserved > 0 ? $" + {Amount(use.Reserved.Value)} reserved" : "");

    private static string Amount(decimal amount) => amount.ToString("#,0.####", CultureInfo.InvariantCulture);
}
