using System.CommandLine;
using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows logs</c>: the history as lines, or the agent's raw output.</summary>
internal static class LogsCommand
{
    public static Command Create(CommandBinder binder)
    {
        var run = Arguments.Run();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the run ends" };
        var raw = new Option<bool>("--raw") { Description = "What the agent printed on stdout, byte for byte" };
        var stderr = new Option<bool>("--stderr") { Description = "What the agent printed on stderr, byte for byte" };
        var attempt = Arguments.Range(new Option<int?>("--attempt") { HelpName = "N", Description = "With --raw or --stderr: of this attempt; default: the last" }, 1, int.MaxValue);
        var tail = Arguments.Range(new Option<int?>("--tail") { HelpName = "N", Description = "The last N events; with --raw or --stderr the last N lines" }, 0, int.MaxValue);
        var command = new Command("logs", "Shows what a run did, as lines (with -o json: a JSON document a line)") { run, follow, raw, stderr, attempt, tail };
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var id = context.Get(run)!;
            if (context.Get(raw) || context.Get(stderr))
            {
                await using var output = context.Terminal.OpenOutput();
                var query = new Query().Add("stream", context.Get(stderr) ? "stderr" : "stdout").Add("attempt", context.Get(attempt)?.ToString())
                    .Add("tail", context.Get(tail)?.ToString()).Add("follow", context.Get(follow) ? "true" : null);
                await context.Api.CopyTranscriptAsync(id, query, output, cancellationToken);
                return ExitCodes.Ok;
            }

            return await EventsAsync(context, id, context.Get(tail), context.Get(follow), cancellationToken);
        });
    }

    private static async Task<int> EventsAsync(CommandContext context, string run, int? tail, bool follow, CancellationToken cancellationToken)
    {
        var info = (await context.Api.GetRunAsync(run, cancellationToken)).Value;
        var after = tail is { } count ? Math.Max(0, info.LastEventSeq - count) : 0;
        if (follow)
        {
            var feed = new EventFeed(context.Api, context.Terminal.Time);
            await foreach (var item in feed.FollowAsync(run, after > 0 ? $"{after}" : null, cancellationToken))
            {
                Print(context, item);
            }

            return ExitCodes.Ok;
        }

        await foreach (var item in new EventPages(context.Api).ReadAsync(run, after, cancellationToken))
        {
            Print(context, item);
        }

        return ExitCodes.Ok;
    }

    private static void Print(CommandContext context, RunEvent item)
    {
        if (context.JsonAsked)
        {
            context.PrintJson(item.Json);
            context.Terminal.Out.Flush();
        }
        else
        {
            RunOutput.PrintEvent(context, item);
        }
    }
}
