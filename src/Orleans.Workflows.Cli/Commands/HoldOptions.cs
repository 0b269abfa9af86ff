using System.CommandLine;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Cli.Client;

namespace Orleans.Workflows.Cli.Commands;

/// <summary>What a hold is about.</summary>
internal sealed class HoldOptions
{
    private readonly Option<LimitDimension> _by = new("--by") { Required = true, Description = "What it is about" };
    private readonly Option<string?> _key = new("--key") { HelpName = "KEY", Description = "Which one; of Service there is none" };
    private readonly Option<string?> _label = new("--label") { HelpName = "NAME", Description = "With --by Label: the label whose value is the key" };

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)[_by, _key, _label])
        {
            command.Add(option);
        }
    }

    public HoldBody Body(CommandContext context, string reason, DateTimeOffset? until) => new(context.Get(_by), context.Get(_key), context.Get(_label), reason, until);

    public HoldReleaseBody ReleaseBody(CommandContext context, string? note) => new(context.Get(_by), context.Get(_key), context.Get(_label), note);
}
