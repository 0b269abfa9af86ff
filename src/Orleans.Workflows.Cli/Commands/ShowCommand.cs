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
            var id = context.Get(run)!;
            var shown = await context.Api.GetRunAsync(id, cancellationToken);
            RunOutput.Print(context, shown, context.Json ? null : (await context.Api.AttemptsAsync(id, cancellationToken)).Value.Items);
            return ExitCodes.Ok;
        });
    }
}
