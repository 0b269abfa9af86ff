using System.CommandLine;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows metrics</c></summary>
internal static class MetricsCommand
{
    public static Command Create(CommandBinder binder) =>
        binder.Bind(new Command("metrics", "Shows totals over ended runs, by workflow"), async (context, cancellationToken) =>
        {
            var totals = await context.Api.TotalsAsync(cancellationToken);
            return context.Print(totals.Json, () => TotalsTable.Write(context.Console, totals.Value.Items));
        });
}
