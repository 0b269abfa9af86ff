using System.CommandLine;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows continue</c></summary>
internal static class ContinueCommand
{
    public static Command Create(CommandBinder binder)
    {
        var options = new ContinuationOptions();
        var command = options.AddTo(new Command("continue", "Goes on where a run ended: a new run in the same session and workspace"), withMessage: true);
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var run = await context.Api.ContinueAsync(context.Get(options.Run)!, options.Read(context, withMessage: true), context.Get(options.Key), cancellationToken);
            return await RunOutput.StartedAsync(context, run, context.Get(options.Follow), cancellationToken);
        });
    }
}
