using System.CommandLine;
using Orleans.Workflows.Cli.Client;

namespace Orleans.Workflows.Cli.Commands;

/// <summary>Which runs are meant: the options of <c>list</c> and of a batch.</summary>
internal sealed class RunFilterOptions
{
    private readonly Option<string[]> _statuses = new("--status") { HelpName = "STATUS", Description = "With this status; repeatable" };
    private readonly Option<string[]> _labels = new("--label") { HelpName = "NAME=VALUE", Description = "With this label; repeatable" };
    private readonly Option<string?> _workflow = Text("--workflow", "NAME", "Of this workflow");
    private readonly Option<string?> _queue = Text("--queue", "NAME", "In this queue");
    private readonly Option<string?> _caller = Text("--caller", "NAME", "Started by");
    private readonly Option<string?> _session = Text("--session", "ID", "Of this session");
    private readonly Option<string?> _branch = Text("--branch", "NAME", "On this branch");
    private readonly Option<string?> _reason;
    private readonly Option<string?> _node = Text("--node", "NAME", "On this node, or waiting for it");
    private readonly Option<string?> _leaked = Text("--leaked", "true|false", "With processes that could not be ended");
    private readonly Option<string?> _from = Text("--from", "TIME", "Created at or after (2026-01-31T12:00:00Z)");
    private readonly Option<string?> _to = Text("--to", "TIME", "Created before");

    /// <param name="reason">The option's name for the code of a run's reason: a batch has a reason of its own.</param>
    public RunFilterOptions(string reason = "--reason")
    {
        _reason = Text(reason, "CODE", "With this reason");
        _from.Aliases.Add("--created-from");
        _to.Aliases.Add("--created-before");
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _statuses, _workflow, _queue, _caller, _session, _branch, _reason, _node, _leaked, _labels, _from, _to })
        {
            command.Add(option);
        }
    }

    /// <summary>As the list's query.</summary>
    public Query ToQuery(CommandContext context) => new Query()
        .Add("status", context.Get(_statuses))
        .Add("label", Labels(context).Select(label => $"{label.Name}:{label.Value}"))
        .Add("workflow", context.Get(_workflow))
        .Add("queue", context.Get(_queue))
        .Add("caller", context.Get(_caller))
        .Add("session", context.Get(_session))
        .Add("branch", context.Get(_branch))
        .Add("reason", context.Get(_reason))
        .Add("node", context.Get(_node))
        .Add("leaked", context.Get(_leaked))
        .Add("createdFrom", context.Get(_from))
        .Add("createdTo", context.Get(_to));

    /// <summary>As the filter of a batch; the server says what is wrong with it.</summary>
    public RunFilterBody ToBody(CommandContext context) => new()
    {
        Status = context.Get(_statuses) is { Length: > 0 } statuses ? [.. statuses.SelectMany(status => status.Split(','))] : null,
        Labels = Labels(context) is { Count: > 0 } labels ? labels.GroupBy(label => label.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Last().Value) : null,
        Workflow = context.Get(_workflow),
        Queue = context.Get(_queue),
        Caller = context.Get(_caller),
        Session = context.Get(_session),
        Branch = context.Get(_branch),
        Reason = context.Get(_reason),
        Node = context.Get(_node),
        Leaked = context.Get(_leaked) switch
        {
            null => null,
            var text when bool.TryParse(text, out var leaked) => leaked,
            var text => throw new UsageException($"'{text}' is neither true nor false for --leaked.", "Write it like --leaked true."),
        },
        CreatedFrom = context.Get(_from),
        CreatedTo = context.Get(_to),
    };

    private static Option<string?> Text(string name, string value, string description) => new(name) { HelpName = value, Description = description };

    private List<(string Name, string Value)> Labels(CommandContext context) => [.. (context.Get(_labels) ?? []).Select(Label)];

    private static (string Name, string Value) Label(string label)
    {
        var at = label.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? (label[..at], label[(at + 1)..])
            : throw new UsageException($"'{label}' is no NAME=VALUE for --label.", "Write it like --label team=red.");
    }
}
