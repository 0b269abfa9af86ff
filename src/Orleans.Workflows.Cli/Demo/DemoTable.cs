using Orleans.Workflows.Cli.Rendering;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;
using Spectre.Console;

namespace Orleans.Workflows.Cli.Demo;

/// <summary>The demo's runs and their sums.</summary>
internal static class DemoTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<RunInfo> runs, TimeSpan elapsed)
    {
        var explains = runs.Any(run => run.Status != RunStatus.Completed);
        var table = Tables.Create(["RUN", "STATUS", ">TURNS", ">TOOLS", ">TOKENS IN / OUT", ">COST", ">TIME", .. explains ? ["REASON"] : Array.Empty<string>()]).ShowFooters();
        foreach (var run in runs)
        {
            Text[] cells =
            [
                new(run.Id.ToString()),
                StatusStyles.ToText(run.Status),
                new(Figures.Count(run.Turns)),
                new(Figures.Count(run.ToolCalls)),
                new(Figures.Tokens(run.Usage)),
                new(Figures.Cost(run.Usage.CostUsd)),
                new(Figures.Time(run.WallMs)),
                .. explains ? [new Text(run.Status == RunStatus.Completed ? "" : PlainText.Line(run.Reason?.ToString()))] : Array.Empty<Text>(),
            ];
            table.AddRow(cells);
        }

        // A sum over a gap is a lower bound and says so.
        var bound = runs.Any(run => run.UsageIncomplete || run.Turns is null || run.Usage.CostUsd is null) ? "≥ " : "";
        var usage = runs.Aggregate(TokenUsage.Unknown, (sum, run) => sum.Add(run.Usage));
        string[] sums =
        [
            "total", $"{runs.Count(run => run.Status == RunStatus.Completed)}/{runs.Count} completed", bound + Figures.Count(runs.Sum(run => (long?)run.Turns ?? 0)),
            bound + Figures.Count(runs.Sum(run => (long?)run.ToolCalls ?? 0)), bound + Figures.Tokens(usage), bound + Figures.Cost(usage.CostUsd), Figures.Time((long)elapsed.TotalMilliseconds),
        ];
        for (var i = 0; i < sums.Length; i++)
        {
            table.Columns[i].Footer(new Text(sums[i], new Style(decoration: Decoration.Bold)));
        }

        console.Write(table);
    }
}
