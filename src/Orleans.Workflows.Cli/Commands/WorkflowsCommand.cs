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
        var reload = new Option<bool>("--reload") { Description = "Have the folders read again first" };
        var command = new Command("workflows", "Shows the workflows, and what is wrong with those that can't be used") { name, reload };
        return binder.Bind(command, async (context, cancellationToken) =>
        {
            var list = context.Get(reload) ? await context.Api.ReloadAsync(cancellationToken) : (Answer<WorkflowList>?)null;
            if (context.Get(name) is { } one)
            {
                var workflow = await context.Api.WorkflowAsync(one, cancellationToken);
                return context.Print(workflow.Json, () => Show(context, workflow.Value));
            }

            var workflows = list ?? await context.Api.WorkflowsAsync(cancellationToken);
            return context.Print(workflows.Json, () => List(context, workflows.Value));
        });
    }

    private static void List(CommandContext context, WorkflowList workflows)
    {
        var table = Tables.Create("WORKFLOW", "AGENT", ">MAX TURNS", "QUEUE", "DESCRIPTION");
        foreach (var workflow in workflows.Items)
        {
            table.AddTexts(PlainText.Line(workflow.Name), PlainText.Line(workflow.Agent), Figures.Count(workflow.MaxTurns), PlainText.Line(workflow.Queue), PlainText.Line(workflow.Description, DescriptionLimit));
        }

        context.Console.Write(table);
        Faults(context, workflows.Problems);
    }

    private static void Show(CommandContext context, WorkflowListing workflow)
    {
        context.Console.Write(Tables.CreateList(
        [
            ("workflow", workflow.Name),
            ("description", workflow.Description),
            ("agent", workflow.Agent),
            ("model", workflow.Model),
            ("max turns", Figures.Count(workflow.MaxTurns)),
            ("timeout", Figures.Time(workflow.TimeoutMs)),
            ("memory limit", Figures.Size(workflow.MemoryLimitBytes)),
            ("budget", Figures.Cost(workflow.BudgetUsd)),
            ("permission mode", workflow.PermissionMode),
            ("workspace", workflow.Workspace),
            ("queue", workflow.Queue),
            ("needs", string.Join(", ", workflow.Needs ?? [])),
            ("attempts at most", Figures.Count(workflow.MaximumAttempts)),
            ("input schema", workflow.InputSchema?.ToString()),
            ("hash", workflow.Hash),
        ]));
        Faults(context, workflow.Problems);
    }

    private static void Faults(CommandContext context, IReadOnlyList<WorkflowFault> faults)
    {
        foreach (var fault in faults)
        {
            context.Terminal.Out.WriteLine(PlainText.Line($"broken: {fault.File}{(fault.Line is > 0 ? $":{fault.Line}" : "")}: {fault.Message} {fault.Remedy}"));
        }
    }
}
