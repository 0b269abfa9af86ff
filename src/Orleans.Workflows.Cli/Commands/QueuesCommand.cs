using System.CommandLine;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows queues</c></summary>
internal static class QueuesCommand
{
    public static Command Create(CommandBinder binder)
    {
        var name = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "The queue to change, with --limit" };
        var limit = new Option<string?>("--limit") { HelpName = "N|none", Description = "Attempts of this queue at once" };
        var command = new Command("queues", "Shows the queues, or sets the limit of one") { name, limit };
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            if (context.Get(name) is null && context.Get(limit) is null)
            {
                var queues = await context.Api.QueuesAsync(cancellationToken);
                return context.Print(queues.Json, () => Write(context, queues.Value.Items));
            }

            var (queue, most) = Change(context.Get(name), context.Get(limit));
            var changed = await context.Api.SetQueueAsync(queue, most, cancellationToken);
            return context.Print(changed.Json, () => Write(context, [changed.Value]));
        });
    }

    private static (string Queue, int? Limit) Change(string? name, string? limit) => (name, limit) switch
    {
        ({ } queue, "none") => (queue, null),
        ({ } queue, { } text) when int.TryParse(text, out var number) && number >= 1 => (queue, number),
        ({ } queue, { } text) => throw new UsageException($"'{text}' is no limit of queue '{queue}'.", "Give a number from 1, or none."),
        _ => throw new UsageException("A queue and its new limit belong together.", "Write 'workflows queues NAME --limit 5', or --limit none."),
    };

    private static void Write(CommandContext context, IReadOnlyList<QueueInfo> queues)
    {
        var table = Tables.Create("QUEUE", ">LIMIT", ">RUNNING", ">WAITING", "OLDEST SINCE");
        foreach (var queue in queues)
        {
            table.AddTexts(PlainText.Line(queue.Name), queue.Limit is null ? "none" : Figures.Count(queue.Limit), Figures.Count(queue.Running), Figures.Count(queue.Waiting), Figures.Moment(queue.OldestQueuedAt));
        }

        context.Console.Write(table);
    }
}
