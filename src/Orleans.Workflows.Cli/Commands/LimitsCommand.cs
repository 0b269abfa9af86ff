using System.CommandLine;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows limits</c></summary>
internal static class LimitsCommand
{
    public static Command Create(CommandBinder binder)
    {
        var command = Listing(binder, new Command("limits", "Shows and changes how many of what may run or start"));
        command.Add(Listing(binder, new Command("list", "Shows the limits, and how much of each is used")));
        command.Add(Set(binder, new LimitOptions()));
        command.Add(Remove(binder));
        command.Add(History(binder));
        return command;
    }

    private static Command Listing(CommandBinder binder, Command command) => binder.Bind(command, async (context, cancellationToken) =>
    {
        var limits = await context.Api.LimitsAsync(cancellationToken);
        return context.Print(limits.Json, () => LimitText.WriteTable(context.Console, limits.Value.Items));
    });

    private static Command Set(CommandBinder binder, LimitOptions options)
    {
        var name = Name();
        var command = new Command("set", "Creates a limit or changes it whole") { name };
        options.AddTo(command);
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var limit = await context.Api.PutLimitAsync(context.Get(name)!, options.Read(context), cancellationToken);
            return context.Print(limit.Json, () => LimitText.WriteTable(context.Console, [limit.Value]));
        });
    }

    private static Command Remove(CommandBinder binder)
    {
        var (name, note) = (Name(), LimitOptions.Note());
        return binder.Bind(new Command("remove", "Removes a limit: a less specific one holds again") { name, note }, async (context, cancellationToken) =>
        {
            var limit = await context.Api.RemoveLimitAsync(context.Get(name)!, context.Get(note), cancellationToken);
            return context.Print(limit.Json, () => context.Terminal.Out.WriteLine($"{PlainText.Line(limit.Value.Name)} is removed"));
        });
    }

    private static Command History(CommandBinder binder)
    {
        var name = Name();
        return binder.Bind(new Command("history", "Shows who changed a limit, to what, and why") { name }, async (context, cancellationToken) =>
        {
            var changes = await context.Api.LimitHistoryAsync(context.Get(name)!, cancellationToken);
            return context.Print(changes.Json, () => LimitText.WriteHistory(context.Console, changes.Value.Items));
        });
    }

    private static Argument<string> Name() => new("NAME") { Description = "The limit's name" };
}
