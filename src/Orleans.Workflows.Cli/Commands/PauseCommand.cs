using System.CommandLine;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows pause</c></summary>
internal static class PauseCommand
{
    public static Command Create(CommandBinder binder)
    {
        var run = Arguments.Run();
        var reason = Arguments.Reason();
        var command = new Command("pause", "Has a run stand still until it is resumed; its agent first finishes the tool calls that it has begun") { run, reason };
        return binder.Bind(command, async (context, cancellationToken) =>
            RunOutput.PrintSummary(context, await context.Api.PauseAsync(context.Get(run)!, context.Get(reason), cancellationToken)));
    }
}
