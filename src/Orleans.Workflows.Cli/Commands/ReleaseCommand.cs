using System.CommandLine;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows release</c></summary>
internal static class ReleaseCommand
{
    public static Command Create(CommandBinder binder)
    {
        var run = Arguments.Run();
        var reason = Arguments.Reason();
        var command = new Command("release", "Frees the slot of a run's attempt whose processes could not be ended") { run, reason };
        return binder.Bind(command, async (context, cancellationToken) =>
            RunOutput.PrintSummary(context, await context.Api.ReleaseAsync(context.Get(run)!, context.Get(reason), cancellationToken)));
    }
}
