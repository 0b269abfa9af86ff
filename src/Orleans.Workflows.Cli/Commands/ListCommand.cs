using System.CommandLine;
using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows list</c></summary>
internal static class ListCommand
{
    public static Command Create(CommandBinder binder)
    {
        // The option's name and the query's are one, so that what is documented of the API holds here.
        (string Name, Option<string?> Option)[] filters =
        [
            Filter("workflow", "--workflow", "NAME", "Of this workflow"),
            Filter("queue", "--queue", "NAME", "In this queue"),
            Filter("caller", "--caller", "NAME", "Started by"),
            Filter("session", "--session", "ID", "Of this session"),
            Filter("branch", "--branch", "NAME", "On this branch"),
            Filter("reason", "--reason", "CODE", "With this reason"),
            Filter("node", "--node", "NAME", "On this node, or waiting for it"),
            Filter("leaked", "--leaked", "true|false", "With processes that could not be ended"),
            Filter("createdFrom", "--from", "TIME", "Created at or after (2026-01-31T12:00:00Z)"),
            Filter("createdTo", "--to", "TIME", "Created before"),
            Filter("sort", "--sort", "created|duration|cost", "By what"),
            Filter("order", "--order", "asc|desc", "Which way"),
            Filter("cursor", "--cursor", "CURSOR", "The next page"),
        ];
        var statuses = new Option<string[]>("--status") { HelpName = "STATUS", Description = "With this status; repeatable" };
        var labels = new Option<string[]>("--label") { HelpName = "NAME=VALUE", Description = "With this label; repeatable" };
        var limit = Arguments.Range(new Option<int?>("--limit") { HelpName = "N", Description = "At most so many, 1 to 500" }, 1, 500);
        var total = new Option<bool?>("--total") { HelpName = "true|false", Description = "Count all that match; default: true" };
        var command = new Command("list", "Lists runs, the newest first") { statuses, labels, limit, total };
        command.Aliases.Add("ls");
        foreach (var (_, option) in filters)
        {
            command.Add(option);
        }

        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var query = new Query().Add("status", context.Get(statuses)).Add("label", context.Get(labels)?.Select(Label))
                .Add("limit", context.Get(limit)?.ToString()).Add("total", context.Get(total) switch { null => null, true => "true", false => "false" });
            foreach (var (name, option) in filters)
            {
                query.Add(name, context.Get(option));
            }

            var page = await context.Api.ListAsync(query, cancellationToken);
            return context.Print(page.Json, () => RunTable.Write(context.Console, page.Value));
        });
    }

    private static (string Name, Option<string?> Option) Filter(string query, string name, string value, string description) =>
        (query, new Option<string?>(name) { HelpName = value, Description = description });

    /// <summary>As it is written everywhere else on this command line, into what the API calls it.</summary>
    private static string Label(string label)
    {
        var at = label.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? $"{label[..at]}:{label[(at + 1)..]}"
            : throw new UsageException($"'{label}' is no NAME=VALUE for --label.", "Write it like --label team=red.");
    }
}
