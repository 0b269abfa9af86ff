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
    private readonly Option<TimeSpan?> _per = Arguments.Duration("--per", "The window of --starts, --tokens or --cost-usd");
    private readonly Option<long?> _tokens = new("--tokens") { HelpName = "N", Description = "At most so many tokens are used in any window of --per; without what was read from a cache" };
    private readonly Option<decimal?> _cost = new("--cost-usd") { HelpName = "USD", Description = "At most so much money in any window of --per, by the agents' own estimates" };
    private readonly Option<int?> _waiting = new("--waiting") { HelpName = "N", Description = "At most so many wait; a start beyond is refused with the time to try again" };
    private readonly Option<bool> _reject = new("--reject") { Description = "Refuse new runs that would have to wait for it" };
    private readonly Option<bool> _shared = new("--shared") { Description = "All keys that match count together" };
    private readonly Option<string?> _note = Note();

    public static Option<string?> Note() => new("--note") { HelpName = "TEXT", Description = "Why; kept with the change" };

    public void AddTo(Command command)
    {
        foreach (var option in (ReadOnlySpan<Option>)[_by, _label, _key, _concurrency, _starts, _tokens, _cost, _per, _waiting, _reject, _shared, _note])
        {
            command.Add(option);
        }
    }

    public LimitBody Read(CommandContext context)
    {
        var (measure, value) = (context.Get(_concurrency), context.Get(_starts), context.Get(_waiting), context.Get(_tokens), context.Get(_cost)) switch
        {
            ("none", null, null, null, null) => (LimitMeasure.Concurrency, null),
            ({ } text, null, null, null, null) => (LimitMeasure.Concurrency, Number(text)),
            (null, { } starts, null, null, null) => (LimitMeasure.Starts, (decimal?)starts),
            (null, null, { } waiting, null, null) => (LimitMeasure.Waiting, (decimal?)waiting),
            (null, null, null, { } tokens, null) => (LimitMeasure.Tokens, (decimal?)tokens),
            (null, null, null, null, { } cost) => (LimitMeasure.CostUsd, (decimal?)cost),
            _ => throw new UsageException("A limit is on what runs, starts, waits or is used: on one of them.", "Give --concurrency N, --waiting N, or one of --starts N, --tokens N and --cost-usd USD with --per 1h."),
        };
        return new(context.Get(_by), measure, value, context.Get(_key), context.Get(_label), context.Get(_per)?.TotalSeconds, context.Get(_shared), context.Get(_reject), context.Get(_note));
    }

    private static decimal? Number(string text) =>
        int.TryParse(text, out var number) ? number : throw new UsageException($"'{text}' is no limit.", "Give a number from 0, or none.");
}
