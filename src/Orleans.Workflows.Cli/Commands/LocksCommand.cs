using System.CommandLine;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows locks</c></summary>
internal static class LocksCommand
{
    public static Command Create(CommandBinder binder)
    {
        var command = Listing(binder, new Command("locks", "Shows who holds which locks, and takes them from a run"));
        command.Add(Listing(binder, new Command("list", "Shows the locks with their holders and who waits for them")));
        command.Add(Release(binder));
        return command;
    }

    private static Command Listing(CommandBinder binder, Command command) => binder.Bind(command, async (context, cancellationToken) =>
    {
        var locks = await context.Api.LocksAsync(cancellationToken);
        return context.Print(locks.Json, () => LockText.WriteTable(context.Console, locks.Value.Items));
    });

    private static Command Release(CommandBinder binder)
    {
        var (run, reason) = (Arguments.Run(), Arguments.Reason());
        return binder.Bind(new Command("release", "Takes all its locks from a run, which goes on without them") { run, reason }, async (context, cancellationToken) =>
            RunOutput.PrintSummary(context, await context.Api.ReleaseLocksAsync(context.Get(run)!, context.Get(reason), cancellationToken)));
    }
}
