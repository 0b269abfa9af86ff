using System.CommandLine;
using System.Text.Json;
using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Cli.Rendering;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows result</c></summary>
internal static class ResultCommand
{
    private static readonly TimeSpan WaitAtOnce = TimeSpan.FromSeconds(30);

    public static Command Create(CommandBinder binder)
    {
        var run = Arguments.Run();
        var wait = new Option<bool>("--wait") { Description = "Wait for the end; the exit code tells how it ended" };
        var command = new Command("result", "Prints what a run left: its final text (with -o json: all of it)") { run, wait };
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var id = context.Get(run)!;
            var waits = context.Get(wait);
            Answer<RunOutcome>? ended;
            while ((ended = await context.Api.ResultAsync(id, waits ? WaitAtOnce : null, cancellationToken)) is null)
            {
                // The server has waited already.
            }

            var answer = ended.Value;
            Print(context, answer);
            return waits ? ExitCodes.Of(answer.Value.Status) : ExitCodes.Ok;
        });
    }

    private static void Print(CommandContext context, Answer<RunOutcome> answer)
    {
        if (context.JsonAsked)
        {
            context.PrintJson(answer.Json);
            return;
        }

        var outcome = answer.Value;
        if (outcome.Status != RunStatus.Completed)
        {
            context.Terminal.Error.WriteLine($"{outcome.Status}: {PlainText.Line(outcome.Reason?.ToString())}");
        }

        if ((outcome.Result?.StructuredOutput ?? outcome.Result?.Text) is { } text)
        {
            context.Terminal.Out.WriteLine(context.Terminal.IsInteractive ? PlainText.Clean(text) : text);
        }
    }
}
