using System.CommandLine;
using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Cli.Rendering;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows cleanup</c></summary>
internal static class CleanupCommand
{
    public static Command Create(CommandBinder binder)
    {
        var run = new Argument<string?>("ID") { Arity = ArgumentArity.ZeroOrOne, Description = "Only this run's" };
        var olderThan = Arguments.Duration("--older-than", "Only what was not used for so long");
        var dryRun = new Option<bool>("--dry-run") { DefaultValueFactory = _ => true, Description = "Only say what would be removed; --dry-run false removes it" };
        var force = new Option<bool>("--force") { Description = "Also work that is neither merged nor pushed" };
        var attempts = new Option<bool>("--attempts") { Description = "The files of their attempts instead: spools, exit records; what is not all in the database stays" };
        var command = new Command("cleanup", "Removes workspaces of ended runs on the server's node, or their attempts' files") { run, olderThan, dryRun, force, attempts };
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var only = context.Get(run) is { } id ? ApiClient.ParseRun(id) : (RunId?)null;
            var body = new CleanupBody(only, context.Get(olderThan)?.TotalHours, context.Get(force), context.Get(dryRun), context.Get(attempts));
            var answer = await context.Api.CleanupAsync(body, cancellationToken);
            return context.Print(answer.Json, () => Print(context, answer.Value));
        });
    }

    private static void Print(CommandContext context, CleanupInfo info)
    {
        foreach (var run in info.Runs)
        {
            foreach (var item in run.Removed)
            {
                context.Terminal.Out.WriteLine($"{(info.DryRun ? "would remove" : "removed")} {PlainText.Line(item)}  (run {run.Run})");
            }

            foreach (var item in run.Kept)
            {
                context.Terminal.Out.WriteLine($"{(info.DryRun ? "would keep" : "kept")} {PlainText.Line(item.Item)}: {PlainText.Line(item.Reason)}  (run {run.Run})");
            }
        }

        context.Terminal.Out.WriteLine(info switch
        {
            { Runs.Count: 0 } => "nothing to remove",
            { DryRun: true } => "nothing was removed; --dry-run false removes",
            _ => $"{info.Runs.Count(run => run.Removed.Count > 0)} runs cleaned up",
        });
    }
}
