using System.CommandLine;
using Orleans.Workflows.Cli.Demo;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows demo</c></summary>
internal static class DemoCommand
{
    private const int MostRuns = 10_000;
    private const int MostAtOnce = 500;

    public static Command Create(CommandBinder binder)
    {
        var runs = Number("--runs", 20, MostRuns, "Runs in all");
        var limit = Number("--limit", 10, MostAtOnce, "Agent processes at once");
        var json = new Option<bool>("--json") { Description = "Print one JSON document and nothing else" };
        var keep = new Option<bool>("--keep") { Description = "Leave the server running until Ctrl-C, and its data behind" };
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = "The data directory; default: a temporary one" };
        var command = new Command("demo", "Starts a server in this process, runs real agent processes on it, and shows what they did") { runs, limit, json, keep, data };
        return binder.Bind(command, (context, cancellationToken) =>
        {
            var options = new DemoOptions
            {
                Runs = context.Get(runs),
                Limit = context.Get(limit),
                Json = context.Get(json) || context.JsonAsked,
                Keep = context.Get(keep),
                Data = context.Get(data),
            };
            return new DemoSession(context, options).RunAsync(cancellationToken);
        });
    }

    private static Option<int> Number(string name, int standard, int most, string description)
    {
        var option = new Option<int>(name) { HelpName = "N", DefaultValueFactory = _ => standard, Description = $"{description}, 1 to {most}; default {standard}" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && (value < 1 || value > most))
            {
                result.AddError($"{name} is {value}; it must be 1 to {most}.");
            }
        });
        return option;
    }
}
