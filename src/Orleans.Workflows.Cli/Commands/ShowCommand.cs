using System.CommandLine;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows show</c></summary>
internal static class ShowCommand
{
    public static Command Create(CommandBinder binder)
    {
        var run = Arguments.Run();
        return binder.Bind(new Command("show", "Shows a run: where it stands, why, and its numbers") { run }, async (context, cancellationToken) =>
        {
            RunOutput.Print(context, await context.Api.GetRunAsync(context.Get(run)!, cancellationToken));
            return ExitCodes.Ok;
        });
    }
}
