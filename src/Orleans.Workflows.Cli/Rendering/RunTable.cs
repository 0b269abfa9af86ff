using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Runs;
using Spectre.Console;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>Runs, one a line.</summary>
internal static class RunTable
{
    private const int ReasonLimit = 60;

    public static void Write(IAnsiConsole console, RunPage page)
    {
        var table = Tables.Create("ID", "STATUS", "WORKFLOW", "QUEUE", ">TURNS", ">TOKENS IN / OUT", ">COST", ">TIME", "CREATED", "WHY");
        foreach (var run in page.Items)
        {
            table.AddRow(
                new Text(run.Id.ToString()),
                StatusStyles.ToText(run.Status),
                new Text(PlainText.Line(run.Workflow ?? $"({run.Agent})")),
                new Text(PlainText.Line(run.Queue)),
                new Text(Figures.Turns(run.Turns, run.MaxTurns)),
                new Text(Figures.Tokens(run.Usage)),
                new Text(Figures.Cost(run.Usage.CostUsd)),
                new Text(Figures.Time(run.WallMs)),
                new Text(Figures.Moment(run.CreatedAt)),
                new Text(PlainText.Line(Why(run), ReasonLimit)));
        }

        console.Write(table);
        if (page.Total is not null || page.NextCursor is not null)
        {
            console.WriteLine(
                (page.Total is { } total ? $"{page.Items.Count} of {total}" : $"{page.Items.Count} runs") +
                (page.NextCursor is { } cursor ? $"; more: --cursor {PlainText.Line(cursor)}" : ""));
        }
    }

    private static string Why(RunInfo run) => run.WaitsFor ?? (run.Status == RunStatus.Completed ? "" : run.Reason?.Text ?? run.Phase ?? "");
}
