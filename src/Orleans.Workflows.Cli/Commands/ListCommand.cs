using System.CommandLine;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows list</c></summary>
internal static class ListCommand
{
    public static Command Create(CommandBinder binder)
    {
        var filter = new RunFilterOptions();
        var sort = new Option<string?>("--sort") { HelpName = "created|duration|cost", Description = "By what" };
        var order = new Option<string?>("--order") { HelpName = "asc|desc", Description = "Which way" };
        var cursor = new Option<string?>("--cursor") { HelpName = "CURSOR", Description = "The next page" };
        var limit = Arguments.Range(new Option<int?>("--limit") { HelpName = "N", Description = "At most so many, 1 to 500" }, 1, 500);
        var total = new Option<bool?>("--total") { HelpName = "true|false", Description = "Count all that match; default: true" };
        var command = new Command("list", "Lists runs, the newest first");
        command.Aliases.Add("ls");
        filter.AddTo(command);
        foreach (var option in new Option[] { sort, order, cursor, limit, total })
        {
            command.Add(option);
        }

        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var query = filter.ToQuery(context).Add("sort", context.Get(sort)).Add("order", context.Get(order)).Add("cursor", context.Get(cursor))
                .Add("limit", context.Get(limit)?.ToString()).Add("total", context.Get(total) switch { null => null, true => "true", false => "false" });
            var page = await context.Api.ListAsync(query, cancellationToken);
            return context.Print(page.Json, () => RunTable.Write(context.Console, page.Value));
        });
    }
}
