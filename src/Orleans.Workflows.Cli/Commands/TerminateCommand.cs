using System.CommandLine;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows terminate</c>, alias <c>kill</c></summary>
internal static class TerminateCommand
{
    public static Command Create(CommandBinder binder)
    {
        var run = Arguments.Run();
        var reason = Arguments.Reason();
        var command = new Command("terminate", "Ends a run and all its processes by force") { run, reason };
        command.Aliases.Add("kill");
        return binder.Bind(command, async (context, cancellationToken) =>
            RunOutput.PrintSummary(context, await context.Api.TerminateAsync(context.Get(run)!, context.Get(reason), cancellationToken)));
    }
}
