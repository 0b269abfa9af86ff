using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Orleans.Workflows.Admission.Locks;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Cli.Commands;

/// <summary>Options and arguments that several commands have.</summary>
internal static class Arguments
{
    public static Argument<string> Run() => new("ID") { Description = "The run's id" };

    public static Argument<string> Text() => new("TEXT") { Description = "The text; '-' reads it from stdin" };

    public static Option<string?> Reason() => new("--reason") { HelpName = "TEXT", Description = "Why; kept with the run" };

    public static Option<string?> IdempotencyKey() =>
        new("--idempotency-key") { HelpName = "KEY", Description = "The same key gives the same run, for at least 24 hours" };

    public static Option<int?> MaxTurns() => Range(new Option<int?>("--max-turns") { HelpName = "N", Description = "Turns, 1 to 1,000" }, 1, 1_000);

    public static Option<decimal?> Budget() => new("--budget") { HelpName = "USD", Description = "US dollars" };

    /// <summary>A duration such as <c>90s</c>, <c>1h30m</c>, <c>7d</c>.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        HelpName = "TIME",
        Description = $"{description} (90s, 1h30m, 7d)",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Durations.TryParse(text, out var value) && value >= TimeSpan.Zero)
            {
                return value;
            }

            result.AddError($"'{text}' is no time for {name}: write it like 90s, 30m, 1h30m or 7d.");
            return null;
        },
    };

    /// <summary>An instant, with its offset: the server may be in another zone.</summary>
    public static Option<DateTimeOffset?> Moment(string name, string description) => new(name)
    {
        HelpName = "TIME",
        Description = $"{description} (2026-01-31T08:00:00Z)",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var value) && HasOffset(text))
            {
                return value;
            }

            result.AddError($"'{text}' is no time for {name}: write it with its offset, like 2026-01-31T08:00:00Z or 2026-01-31T08:00:00+01:00.");
            return null;
        },
    };

    public static Option<long?> MemoryLimit() => new("--memory-limit")
    {
        HelpName = "SIZE",
        Description = "Memory of one attempt's processes together (512MB, 2GB); beyond it, it is ended",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Sizes.TryParse(text, out var bytes))
            {
                return bytes;
            }

            result.AddError($"'{text}' is no size for --memory-limit: write it like 512MB, 2GB or 1.5GB.");
            return null;
        },
    };

    /// <summary><c>name=value</c>, repeatable.</summary>
    public static Option<Dictionary<string, string>?> Pairs(string name, string description) => new(name)
    {
        HelpName = "NAME=VALUE",
        Description = description + "; repeatable",
        CustomParser = result => ParsePairs(name, result),
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<Dictionary<string, LockMode>?> Locks() => new("--lock")
    {
        HelpName = "NAME[=shared]",
        Description = "Wait until NAME is free, and keep it to the run's end; repeatable",
        CustomParser = result => result.Tokens.Select(token => LockOf(token.Value)).GroupBy(item => item.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Min(item => item.Mode), StringComparer.Ordinal),
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<List<string>?> Needs() => new("--need")
    {
        HelpName = "LABEL",
        Description = "Run only on a node that has LABEL; repeatable",
        CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<int?> Range(Option<int?> option, int least, int most)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && (value < least || value > most))
            {
                result.AddError($"{option.Name} is {value}; it must be {least} to {most}.");
            }
        });
        return option;
    }

    public static string ReadText(string text, Terminal terminal) => text == "-" ? terminal.ReadInput() : text;

    private static bool HasOffset(string text) => text.IndexOf('T', StringComparison.OrdinalIgnoreCase) is > 0 and var at && text.AsSpan(at).IndexOfAny("Zz+-") > 0;

    private static (string Name, LockMode Mode) LockOf(string text) =>
        text.EndsWith("=shared", StringComparison.Ordinal) ? (text[..^"=shared".Length], LockMode.Shared)
        : text.EndsWith("=exclusive", StringComparison.Ordinal) ? (text[..^"=exclusive".Length], LockMode.Exclusive)
        : (text, LockMode.Exclusive);

    private static Dictionary<string, string>? ParsePairs(string name, ArgumentResult result)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var token in result.Tokens)
        {
            var at = token.Value.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                result.AddError($"'{token.Value}' is no NAME=VALUE for {name}.");
                return null;
            }

            pairs[token.Value[..at]] = token.Value[(at + 1)..];
        }

        return pairs;
    }
}
