using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;
using Spectre.Console;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>Totals over ended runs, a workflow a line. A sum over a gap is marked with ≥.</summary>
internal static class TotalsTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<UsageTotals> totals)
    {
        var table = Tables.Create("WORKFLOW", ">RUNS", ">COMPLETED", ">FAILED", ">OTHER", ">TURNS", ">TOOL CALLS", ">TOKENS IN / OUT", ">COST", ">TIME");
        foreach (var workflow in totals)
        {
            var all = workflow.Runs.Values.Sum();
            var completed = workflow.Runs.GetValueOrDefault(RunStatus.Completed);
            var failed = workflow.Runs.GetValueOrDefault(RunStatus.Failed);
            var bound = workflow.IncompleteRuns > 0 ? "≥ " : "";
            table.AddTexts(
                PlainText.Line(workflow.Workflow), Figures.Count(all), Figures.Count(completed), Figures.Count(failed), Figures.Count(all - completed - failed),
                bound + Figures.Count(workflow.Turns), bound + Figures.Count(workflow.ToolCalls), bound + Figures.Tokens(workflow.Usage), bound + Figures.Cost(workflow.Usage.CostUsd),
                Figures.Time(workflow.WallMs));
        }

        console.Write(table);
    }
}
