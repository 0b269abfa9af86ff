using System.CommandLine;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows schedules</c></summary>
internal static class SchedulesCommand
{
    public static Command Create(CommandBinder binder)
    {
        var command = Listing(binder, new Command("schedules", "Shows and changes what starts runs by itself"));
        command.Add(Listing(binder, new Command("list", "Shows the schedules")));
        command.Add(Show(binder));
        command.Add(Create(binder, new ScheduleOptions()));
        command.Add(Delete(binder));
        command.Add(Pause(binder, paused: true, "pause", "Has a schedule start nothing until it is resumed"));
        command.Add(Pause(binder, paused: false, "resume", "Has a paused schedule go on with what is due from now on"));
        command.Add(Trigger(binder));
        return command;
    }

    private static Command Listing(CommandBinder binder, Command command) => binder.Bind(command, async (context, cancellationToken) =>
    {
        var schedules = await context.Api.SchedulesAsync(cancellationToken);
        return context.Print(schedules.Json, () => ScheduleText.WriteTable(context.Console, schedules.Value.Items));
    });

    private static Command Show(CommandBinder binder)
    {
        var name = Name();
        return binder.Bind(new Command("show", "Shows a schedule with its next times and recent actions") { name }, async (context, cancellationToken) =>
        {
            var schedule = await context.Api.ScheduleAsync(context.Get(name)!, cancellationToken);
            return context.Print(schedule.Json, () => ScheduleText.Write(context.Console, schedule.Value));
        });
    }

    private static Command Create(CommandBinder binder, ScheduleOptions options)
    {
        var name = Name();
        var replace = new Option<bool>("--replace") { Description = "Change the schedule of that name, if there is one" };
        var command = new Command("create", "Creates a schedule: when (--cron or --every), and what to run, as for 'start'") { name, replace };
        options.AddTo(command);
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var schedule = await context.Api.PutScheduleAsync(context.Get(name)!, options.Read(context), context.Get(replace), cancellationToken);
            return context.Print(schedule.Json, () => ScheduleText.Write(context.Console, schedule.Value));
        });
    }

    private static Command Delete(CommandBinder binder)
    {
        var name = Name();
        return binder.Bind(new Command("delete", "Removes a schedule; its runs go on") { name }, async (context, cancellationToken) =>
        {
            var schedule = await context.Api.DeleteScheduleAsync(context.Get(name)!, cancellationToken);
            return context.Print(schedule.Json, () => context.Terminal.Out.WriteLine($"{PlainText.Line(schedule.Value.Name)} is removed"));
        });
    }

    private static Command Pause(CommandBinder binder, bool paused, string verb, string description)
    {
        var name = Name();
        var note = new Option<string?>("--note") { HelpName = "TEXT", Description = "Why; kept with the schedule" };
        return binder.Bind(new Command(verb, description) { name, note }, async (context, cancellationToken) =>
        {
            var schedule = await context.Api.PauseScheduleAsync(context.Get(name)!, paused, context.Get(note), cancellationToken);
            return context.Print(schedule.Json, () => ScheduleText.WriteTable(context.Console, [schedule.Value]));
        });
    }

    private static Command Trigger(CommandBinder binder)
    {
        var name = Name();
        var key = Arguments.IdempotencyKey();
        return binder.Bind(new Command("trigger", "Starts a schedule's run now, as its overlap policy allows") { name, key }, async (context, cancellationToken) =>
        {
            var outcome = await context.Api.TriggerAsync(context.Get(name)!, context.Get(key), cancellationToken);
            return context.Print(outcome.Json, () => context.Terminal.Out.WriteLine(outcome.Value.Action.Run?.ToString() ?? "waits for the end of an earlier run"));
        });
    }

    private static Argument<string> Name() => new("NAME") { Description = "The schedule's name" };
}
