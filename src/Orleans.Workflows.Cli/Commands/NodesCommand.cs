using System.CommandLine;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows nodes</c></summary>
internal static class NodesCommand
{
    public static Command Create(CommandBinder binder) => binder.Bind(new Command("nodes", "Shows the nodes: role, labels, slots, what they run, when they were last seen") { NodeLostCommand.Create(binder) }, async (context, cancellationToken) =>
    {
        var nodes = await context.Api.NodesAsync(cancellationToken);
        if (context.Json)
        {
            context.PrintJson(nodes.Json);
            return ExitCodes.Ok;
        }

        var table = Tables.Create("NODE", "STATUS", "ROLE", "LABELS", "ADDRESS", ">SLOTS", ">RUNNING", "VERSION", "LAST SEEN", "LEASE UNTIL");
        foreach (var node in nodes.Value.Items)
        {
            table.AddTexts(
                PlainText.Line(node.Name),
                node.Loss is { } loss ? $"{node.Status}, says {PlainText.Line(loss.Caller)}" : node.Status.ToString(),
                node.Role?.ToString() ?? Figures.Unknown,
                node.Labels is null ? Figures.Unknown : PlainText.Line(string.Join(", ", node.Labels)),
                PlainText.Line(node.Address ?? Figures.Unknown),
                Figures.Count(node.Slots),
                Figures.Count(node.Running),
                PlainText.Line(node.Version ?? Figures.Unknown),
                Figures.Moment(node.LastSeenAt),
                Figures.Moment(node.LeaseUntil));
        }

        context.Console.Write(table);
        return ExitCodes.Ok;
    });
}
