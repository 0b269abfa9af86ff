using System.CommandLine;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows start</c></summary>
internal static class StartCommand
{
    public static Command Create(CommandBinder binder)
    {
        var options = new StartOptions();
        var key = Arguments.IdempotencyKey();
        var at = Arguments.Moment("--at", "Not before this time");
        var after = Arguments.Duration("--after", "Not before so much time has passed");
        var follow = new Option<bool>("--follow", "-f") { Description = "Show what it does until it ends; the exit code tells how" };
        var command = new Command("start", "Starts a run of a workflow, or an ad-hoc one (--agent)");
        options.AddTo(command);
        command.Add(at);
        command.Add(after);
        command.Add(key);
        command.Add(follow);
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var run = await context.Api.StartAsync(options.Read(context) with { StartAt = context.Get(at), StartAfterSeconds = context.Get(after)?.TotalSeconds }, context.Get(key), cancellationToken);
            return await RunOutput.StartedAsync(context, run, context.Get(follow), cancellationToken);
        });
    }
}
