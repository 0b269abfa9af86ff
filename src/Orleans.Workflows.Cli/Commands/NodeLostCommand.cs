using System.CommandLine;
using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Cli.Rendering;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows nodes lost</c></summary>
internal static class NodeLostCommand
{
    public static Command Create(CommandBinder binder)
    {
        var name = new Argument<string>("NAME") { Description = "The node" };
        var reason = new Option<string>("--reason") { HelpName = "TEXT", Description = "Why; kept with the node and with each of its runs", Required = true };
        var yes = new Option<bool>("--yes", "-y") { Description = "The machine is off and will not return: ask no more" };
        var command = new Command("lost", "Declares that a node's machine is off and will not return: its runs go on elsewhere at once") { name, reason, yes };
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var node = context.Get(name)!;
            if (!context.Get(yes))
            {
                Confirm(context.Terminal, node);
            }

            var answer = await context.Api.DeclareNodeLostAsync(node, context.Get(reason)!, cancellationToken);
            return context.Print(answer.Json, () => Print(context.Terminal.Out, answer.Value));
        });
    }

    private static void Confirm(Terminal terminal, string node)
    {
        if (terminal.IsInteractive)
        {
            terminal.Error.WriteLine($"If the machine of node {PlainText.Line(node)} is on, or comes back as it was, two agents work on each of its runs.");
            terminal.Error.Write("It is off and will not return? The node's name says yes: ");
            terminal.Error.Flush();
            if (terminal.ReadLine() == node)
            {
                return;
            }
        }

        throw new UsageException($"Nobody confirmed that the machine of node '{node}' is off and will not return; nothing was changed.", "Make sure of it, then say --yes.");
    }

    private static void Print(TextWriter output, NodeLossAnswer answer)
    {
        output.WriteLine($"node {PlainText.Line(answer.Node.Name)} was declared lost by {PlainText.Line(answer.Node.Loss?.Caller ?? Figures.Unknown)}; {answer.Taken.Count} runs go on elsewhere");
        PrintRuns("taken  ", answer.Taken, "");
        PrintRuns("leaked ", answer.Leaked, "  stays open: 'workflows release' it");
        PrintRuns("pending", answer.Pending, "  goes on within half a minute");

        void PrintRuns(string what, IReadOnlyList<RunId> runs, string then)
        {
            foreach (var run in runs)
            {
                output.WriteLine($"{what} {run}{then}");
            }
        }
    }
}
