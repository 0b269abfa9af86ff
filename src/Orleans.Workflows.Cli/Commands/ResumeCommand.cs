using System.CommandLine;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows resume</c></summary>
internal static class ResumeCommand
{
    public static Command Create(CommandBinder binder)
    {
        var run = Arguments.Run();
        var reason = Arguments.Reason();
        var command = new Command("resume", "Has a paused run go on where it stood") { run, reason };
        return binder.Bind(command, async (context, cancellationToken) =>
            RunOutput.PrintSummary(context, await context.Api.ResumeAsync(context.Get(run)!, context.Get(reason), cancellationToken)));
    }
}
