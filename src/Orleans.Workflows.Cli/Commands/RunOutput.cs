using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Cli.Rendering;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Commands;

/// <summary>What commands print of a run.</summary>
internal static class RunOutput
{
    /// <summary>Prints the run that was started and, if asked, follows it to its end.</summary>
    public static async Task<int> StartedAsync(CommandContext context, Answer<RunInfo> started, bool follow, CancellationToken cancellationToken)
    {
        if (!follow)
        {
            if (context.Json)
            {
                context.PrintJson(started.Json);
            }
            else
            {
                context.Terminal.Out.WriteLine(started.Value.Id);
                Summary(context, started.Value);
            }

            return ExitCodes.Ok;
        }

        var run = started.Value.Id.ToString();
        await context.Terminal.Error.WriteLineAsync($"run {run}");
        var feed = new EventFeed(context.Api, context.Terminal.Time);
        await foreach (var item in feed.FollowAsync(run, null, cancellationToken))
        {
            if (!context.Json)
            {
                PrintEvent(context, item);
            }
        }

        var ended = await context.Api.GetRunAsync(run, cancellationToken);
        Print(context, ended);
        return ExitCodes.Of(ended.Value.Status);
    }

    /// <param name="context">The command.</param>
    /// <param name="run">The run.</param>
    /// <param name="attempts">Null leaves out what its processes used.</param>
    public static void Print(CommandContext context, Answer<RunInfo> run, IReadOnlyList<AttemptInfo>? attempts = null)
    {
        if (context.Json)
        {
            context.PrintJson(run.Json);
        }
        else
        {
            RunDetailsText.Write(context.Console, run.Value, attempts ?? []);
        }
    }

    /// <summary>After a command: where the run stands now.</summary>
    public static int PrintSummary(CommandContext context, Answer<RunInfo> run)
    {
        if (context.Json)
        {
            context.PrintJson(run.Json);
        }
        else
        {
            Summary(context, run.Value);
        }

        return ExitCodes.Ok;
    }

    public static void PrintEvent(CommandContext context, RunEvent item)
    {
        context.Terminal.Out.WriteLine(item.Parse() is { } json ? EventLine.Render(json) : PlainText.Line(item.Json));
        context.Terminal.Out.Flush();
    }

    private static void Summary(CommandContext context, RunInfo run)
    {
        var (bar, text) = ProgressBar.Render(ProgressReading.Of(run), 20);
        context.Terminal.Out.WriteLine($"{bar} {text}{(run.Reason is { } reason ? $"  {PlainText.Line(reason.ToString())}" : "")}");
        if (run.Result is { EndedProcesses: { Count: > 0 } ended })
        {
            context.Terminal.Out.WriteLine($"ended: {PlainText.Line(string.Join(", ", ended))}");
        }
    }
}
