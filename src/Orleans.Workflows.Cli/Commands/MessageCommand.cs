using System.CommandLine;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows message</c></summary>
internal static class MessageCommand
{
    public static Command Create(CommandBinder binder)
    {
        var run = Arguments.Run();
        var text = Arguments.Text();
        return binder.Bind(new Command("message", "Sends a message to a run that is at work") { run, text }, async (context, cancellationToken) =>
        {
            var content = Arguments.ReadText(context.Get(text)!, context.Terminal);
            return RunOutput.PrintSummary(context, await context.Api.MessageAsync(context.Get(run)!, content, cancellationToken));
        });
    }
}
