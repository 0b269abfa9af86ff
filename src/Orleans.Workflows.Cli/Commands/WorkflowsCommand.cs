using System.CommandLine;
using Orleans.Workflows.Cli.Client;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Commands;

/// <summary><c>workflows workflows</c></summary>
internal static class WorkflowsCommand
{
    private const int DescriptionLimit = 80;

    public static Command Create(CommandBinder binder)
    {
        var name = new Argument<string?>("NAME") { Arity = ArgumentArity.ZeroOrOne, Description = "Only this one, whole" };
        var command = new Command("workflows", "Shows the workflows, and what is wrong with those that can't be used") { name };
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            if (context.Get(name) is { } one)
            {
                var workflow = await context.Api.WorkflowAsync(one, cancellationToken);
                return Print(context, workflow.Json, () => Show(context, workflow.Value));
            }

            var workflows = await context.Api.WorkflowsAsync(cancellationToken);
            return Print(context, workflows.Json, () => List(context, workflows.Value.Items));
        });
    }

    private static int Print(CommandContext context, string json, Action table)
    {
        if (context.Json)
        {
            context.PrintJson(json);
        }
        else
        {
            table();
        }

        return ExitCodes.Ok;
    }

    private static void List(CommandContext context, IReadOnlyList<WorkflowListing> workflows)
    {
        var table = Tables.Create("WORKFLOW", "AGENT", ">MAX TURNS", "QUEUE", "DESCRIPTION");
        foreach (var workflow in workflows)
        {
            table.AddTexts(PlainText.Line(workflow.Name), PlainText.Line(workflow.Agent), Figures.Count(workflow.MaxTurns), PlainText.Line(workflow.Queue), PlainText.Line(workflow.Description, DescriptionLimit));
        }

        context.Console.Write(table);
        foreach (var workflow in workflows)
        {
            Faults(context, workflow);
        }
    }

    private static void Show(CommandContext context, WorkflowListing workflow)
    {
        context.Console.Write(Tables.CreateList(
            ("workflow", workflow.Name), ("description", workflow.Description), ("agent", workflow.Agent), ("model", workflow.Model),
            ("max turns", Figures.Count(workflow.MaxTurns)), ("queue", workflow.Queue), ("folder", workflow.Folder), ("hash", workflow.Hash)));
        Faults(context, workflow);
    }

    private static void Faults(CommandContext context, WorkflowListing workflow)
    {
        foreach (var fault in workflow.Problems)
        {
            context.Terminal.Out.WriteLine($"{PlainText.Line(workflow.Name)}: {PlainText.Line(fault.File)}{(fault.Line is > 0 ? $":{fault.Line}" : "")}: {PlainText.Line(fault.Message)} {PlainText.Line(fault.Remedy)}");
        }
    }
}
