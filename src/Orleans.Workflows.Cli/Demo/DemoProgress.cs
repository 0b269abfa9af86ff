using Orleans.Workflows.Cli.Rendering;
using Orleans.Workflows.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Orleans.Workflows.Cli.Demo;

/// <summary>Shows how the runs get on, until the snapshots end, and answers the last one.</summary>
internal static class DemoProgress
{
    private const int BarWidth = 24;
    private const int RowsShown = 20;

    /// <summary>Bars that move; for a terminal.</summary>
    public static async Task<IReadOnlyList<RunInfo>> ShowBarsAsync(IAnsiConsole console, IAsyncEnumerable<IReadOnlyList<RunInfo>> snapshots, int total)
    {
        IReadOnlyList<RunInfo> last = [];
        await console.Live(Bars([], total)).AutoClear(true).StartAsync(async live =>
        {
            await foreach (var runs in snapshots)
            {
                last = runs;
                live.UpdateTarget(Bars(runs, total));
            }
        });
        return last;
    }

    /// <summary>A line for every run that ended; for a log.</summary>
    public static async Task<IReadOnlyList<RunInfo>> ShowLinesAsync(TextWriter writer, IAsyncEnumerable<IReadOnlyList<RunInfo>> snapshots, int total)
    {
        IReadOnlyList<RunInfo> last = [];
        var told = new HashSet<RunId>();
        await foreach (var runs in snapshots)
        {
            last = runs;
            foreach (var run in runs.Where(run => run.Status.IsTerminal() && told.Add(run.Id)))
            {
                await writer.WriteLineAsync($"{told.Count}/{total}  {run.Id}  {ProgressBar.Render(ProgressReading.Of(run), 0).Text}  {Figures.Time(run.WallMs)}");
            }
        }

        return last;
    }

    /// <summary>Nothing; for <c>--json</c>.</summary>
    public static async Task<IReadOnlyList<RunInfo>> WaitAsync(IAsyncEnumerable<IReadOnlyList<RunInfo>> snapshots)
    {
        IReadOnlyList<RunInfo> last = [];
        await foreach (var runs in snapshots)
        {
            last = runs;
        }

        return last;
    }

    private static Rows Bars(IReadOnlyList<RunInfo> runs, int total)
    {
        // Where not all fit on a screen, those at work are what there is to see.
        var shown = runs.Count <= RowsShown ? runs : [.. runs.Where(run => run.StartedAt is not null && !run.Status.IsTerminal()).Take(RowsShown)];
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn(new GridColumn { NoWrap = true }).AddColumn(new GridColumn { NoWrap = true }).AddColumn(new GridColumn { NoWrap = true });
        foreach (var run in shown)
        {
            var (bar, text) = ProgressBar.Render(ProgressReading.Of(run), BarWidth);
            grid.AddRow(new Text(run.Id.ToString()[^8..]), new Text(bar, StatusStyles.Of(run.Status)), new Text(text), new Text(run.WallMs is null ? "" : Figures.Time(run.WallMs)));
        }

        var ended = runs.Count(run => run.Status.IsTerminal());
        IRenderable summary = new Text($"{ended} of {total} ended, {runs.Count(run => run.Status is RunStatus.Starting or RunStatus.Running)} at work, {runs.Count(run => run.Status == RunStatus.Queued)} queued");
        return new Rows(grid, summary);
    }
}
