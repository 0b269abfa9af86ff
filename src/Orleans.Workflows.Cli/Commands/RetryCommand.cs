using System.CommandLine;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows retry</c></summary>
internal static class RetryCommand
{
    public static Command Create(CommandBinder binder)
    {
        var options = new ContinuationOptions();
        var command = options.AddTo(new Command("retry", "Starts the same work of an ended run again, as a new run"), withMessage: false);
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var run = await context.Api.RetryAsync(context.Get(options.Run)!, options.Read(context, withMessage: false), context.Get(options.Key), cancellationToken);
            return await RunOutput.StartedAsync(context, run, context.Get(options.Follow), cancellationToken);
        });
    }
}
