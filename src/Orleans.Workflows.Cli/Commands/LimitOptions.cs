using System.CommandLine;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Cli.Client;

namespace Orleans.Workflows.Cli.Commands;

/// <summary>The options of <c>limits set</c>, and the limit that they make.</summary>
internal sealed class LimitOptions
{
    private readonly Option<LimitDimension> _by = new("--by") { Required = true, Description = "What it counts by" };
    private readonly Option<string?> _label = new("--label") { HelpName = "NAME", Description = "With --by Label: the label whose values are counted" };
    private readonly Option<string?> _key = new("--key") { HelpName = "KEY", Description = "A key, a beginning like 'acme/*', or '*' (default): every key" };
    private readonly Option<string?> _concurrency = new("--concurrency") { HelpName = "N|none", Description = "At most so many run at once; none lifts a less specific limit" };
    private readonly Option<int?> _starts = new("--starts") { HelpName = "N", Description = "At most so many start in any window of --per" };
    private readonly Option<TimeSpan?> _per = Arguments.Duration("--per", "The window of --starts");
    private readonly Option<int?> _waiting = new("--waiting") { HelpName = "N", Description = "At most so many wait; a start beyond is refused with the time to try again" };
    private readonly Option<bool> _reject = new("--reject") { Description = "Refuse new runs that would have to wait for it" };
    private readonly Option<bool> _shared = new("--shared") { Description = "All keys that match count together" };
    private readonly Option<string?> _note = Note();

    public static Option<string?> Note() => new("--note") { HelpName = "TEXT", Description = "Why; kept with the change" };

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)[_by, _label, _key, _concurrency, _starts, _per, _waiting, _reject, _shared, _note])
        {
            command.Add(option);
        }
    }

    public LimitBody Read(CommandContext context)
    {
        var (measure, value) = (context.Get(_concurrency), context.Get(_starts), context.Get(_waiting)) switch
        {
            ("none", null, null) => (LimitMeasure.Concurrency, null),
            ({ } text, null, null) => (LimitMeasure.Concurrency, Number(text)),
            (null, { } starts, null) => (LimitMeasure.Starts, (int?)starts),
            (null, null, { } waiting) => (LimitMeasure.Waiting, (int?)waiting),
            _ => throw new UsageException("A limit is on what runs, starts or waits: on one of them.", "Give --concurrency N, --starts N with --per 1m, or --waiting N."),
        };
        return new(context.Get(_by), measure, value, context.Get(_key), context.Get(_label), context.Get(_per)?.TotalSeconds, context.Get(_shared), context.Get(_reject), context.Get(_note));
    }

    private static int? Number(string text) =>
        int.TryParse(text, out var number) ? number : throw new UsageException($"'{text}' is no limit.", "Give a number from 0, or none.");
}
