using System.CommandLine;
using Orleans.Workflows.Batches;
using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows batch</c></summary>
internal static class BatchCommand
{
    public static Command Create(CommandBinder binder)
    {
        var command = new Command("batch", "Cancels, terminates, retries, pauses or resumes all runs that match a filter")
        {
            Start(binder, BatchOperation.Cancel, "cancel", "Asks all runs that match to stop politely"),
            Start(binder, BatchOperation.Terminate, "terminate", "Ends the whole process trees of all runs that match"),
            Start(binder, BatchOperation.Retry, "retry", "Starts the work of all runs that match again, each as a new run"),
            Start(binder, BatchOperation.Pause, "pause", "Has all runs that match stand still until they are resumed"),
            Start(binder, BatchOperation.Resume, "resume", "Has all paused runs that match go on"),
            List(binder),
            Show(binder),
            Stop(binder),
        };
        command.Aliases.Add("batches");
        return command;
    }

    private static Command Start(CommandBinder binder, BatchOperation operation, string verb, string description)
    {
        var filter = new RunFilterOptions(reason: "--reason-code");
        var reason = new Option<string?>("--reason") { HelpName = "TEXT", Description = "Why; kept with the batch and its runs" };
        var key = new Option<string?>("--idempotency-key") { HelpName = "KEY", Description = "The same key gives the same batch" };
        var wait = new Option<bool>("--wait") { Description = "Wait for the end; the exit code tells whether runs refused" };
        var command = new Command(verb, description);
        if (operation == BatchOperation.Terminate)
        {
            command.Aliases.Add("kill");
        }

        filter.AddTo(command);
        foreach (var option in new Option[] { reason, key, wait })
        {
            command.Add(option);
        }

        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var started = await context.Api.StartBatchAsync(new(operation, filter.ToBody(context), context.Get(reason)), context.Get(key), cancellationToken);
            if (!context.Get(wait))
            {
                return context.Print(started.Json, () => BatchText.WriteLine(context.Terminal.Out, started.Value));
            }

            var ended = await BatchProgress.WaitAsync(context, started, cancellationToken);
            context.Print(ended.Json, () => BatchText.Write(context.Console, ended.Value));
            return ended.Value is { Status: BatchStatus.Completed, Failed: 0 } ? ExitCodes.Ok : ExitCodes.RunNotCompleted;
        });
    }

    private static Command List(CommandBinder binder)
    {
        var cursor = new Option<string?>("--cursor") { HelpName = "CURSOR", Description = "The next page" };
        var limit = Arguments.Range(new Option<int?>("--limit") { HelpName = "N", Description = "At most so many, 1 to 500" }, 1, 500);
        return binder.Bind(new Command("list", "Lists batches, the newest first") { cursor, limit }, async (context, cancellationToken) =>
        {
            var page = await context.Api.BatchesAsync(new Query().Add("cursor", context.Get(cursor)).Add("limit", context.Get(limit)?.ToString()), cancellationToken);
            return context.Print(page.Json, () => BatchText.WriteTable(context.Console, page.Value));
        });
    }

    private static Command Show(CommandBinder binder)
    {
        var id = Id();
        return binder.Bind(new Command("show", "Shows a batch with its progress and the runs that refused") { id }, async (context, cancellationToken) =>
        {
            var batch = await context.Api.BatchAsync(context.Get(id)!, cancellationToken);
            return context.Print(batch.Json, () => BatchText.Write(context.Console, batch.Value));
        });
    }

    private static Command Stop(CommandBinder binder)
    {
        var id = Id();
        return binder.Bind(new Command("stop", "Has a batch ask no more runs; what is done stays done") { id }, async (context, cancellationToken) =>
        {
            var batch = await context.Api.StopBatchAsync(context.Get(id)!, cancellationToken);
            return context.Print(batch.Json, () => BatchText.WriteLine(context.Terminal.Out, batch.Value));
        });
    }

    private static Argument<string> Id() => new("ID") { Description = "The batch's id" };
}
