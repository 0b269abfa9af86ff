using System.CommandLine;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows holds</c></summary>
internal static class HoldsCommand
{
    public static Command Create(CommandBinder binder)
    {
        var command = Listing(binder, new Command("holds", "Shows and changes what nobody may start on now"));
        command.Add(Listing(binder, new Command("list", "Shows the holds that stand: a person's, a reset time's, or an open circuit's")));
        command.Add(Put(binder));
        command.Add(Release(binder));
        command.Add(History(binder));
        return command;
    }

    private static Command Listing(CommandBinder binder, Command command) => binder.Bind(command, async (context, cancellationToken) =>
    {
        var holds = await context.Api.HoldsAsync(cancellationToken);
        return context.Print(holds.Json, () => HoldText.WriteTable(context.Console, holds.Value.Items));
    });

    private static Command Put(CommandBinder binder)
    {
        var subject = new HoldOptions();
        var reason = new Option<string>("--reason") { HelpName = "TEXT", Required = true, Description = "Why: whoever waits is told so" };
        var until = Arguments.Duration("--for", "How long; without it until it is released");
        var command = new Command("put", "Lets nobody start: what runs goes on, what waits keeps its place") { reason, until };
        subject.AddTo(command);
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var hold = await context.Api.PutHoldAsync(subject.Body(context, context.Get(reason)!, context.Terminal.Time.GetUtcNow() + context.Get(until)), cancellationToken);
            return context.Print(hold.Json, () => HoldText.WriteTable(context.Console, [hold.Value]));
        });
    }

    private static Command Release(CommandBinder binder)
    {
        var (subject, note) = (new HoldOptions(), LimitOptions.Note());
        var command = new Command("release", "Releases a hold, whoever put it") { note };
        subject.AddTo(command);
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var hold = await context.Api.ReleaseHoldAsync(subject.ReleaseBody(context, context.Get(note)), cancellationToken);
            return context.Print(hold.Json, () => context.Terminal.Out.WriteLine($"The hold on {PlainText.Line(hold.Value.Name)} is released"));
        });
    }

    private static Command History(CommandBinder binder)
    {
        var subject = new HoldOptions();
        var command = new Command("history", "Shows who held and released something, and why");
        subject.AddTo(command);
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var changes = await context.Api.HoldHistoryAsync(subject.ReleaseBody(context, null), cancellationToken);
            return context.Print(changes.Json, () => HoldText.WriteHistory(context.Console, changes.Value.Items));
        });
    }
}
