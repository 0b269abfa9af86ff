using System.CommandLine;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows cancel</c></summary>
internal static class CancelCommand
{
    public static Command Create(CommandBinder binder)
    {
        var run = Arguments.Run();
        var reason = Arguments.Reason();
        return binder.Bind(new Command("cancel", "Asks a run to stop; its agent may finish politely") { run, reason }, async (context, cancellationToken) =>
            RunOutput.PrintSummary(context, await context.Api.CancelAsync(context.Get(run)!, context.Get(reason), cancellationToken)));
    }
}
