using System.Globalization;
using Orleans.Workflows.Usage;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>Numbers as people read them. Unknown is a dash, never a zero.</summary>
internal static class Figures
{
    public const string Unknown = "–";

    public static string Count(long? count) => count?.ToString("N0", CultureInfo.InvariantCulture) ?? Unknown;

    public static string Cost(decimal? usd) => usd switch
    {
        null => Unknown,
        >= 100 => usd.Value.ToString("$#,0.00", CultureInfo.InvariantCulture),
        _ => usd.Value.ToString("$0.0000", CultureInfo.InvariantCulture),
    };

    public static string Tokens(TokenUsage? usage) =>
        usage is null or { InputTokens: null, OutputTokens: null } ? Unknown : $"{Count(usage.InputTokens)} / {Count(usage.OutputTokens)}";

    public static string Turns(int? turns, int? maximum) => maximum is null ? Count(turns) : $"{Count(turns)}/{Count(maximum)}";

    public static string Time(long? milliseconds) => milliseconds switch
    {
        null => Unknown,
        < 0 => Unknown,
        < 1_000 => $"{milliseconds} ms",
        < 60_000 => (milliseconds.Value / 1000.0).ToString("0.0 s", CultureInfo.InvariantCulture),
        < 3_600_000 => $"{milliseconds / 60_000}m {milliseconds / 1000 % 60:00}s",
        _ => $"{milliseconds / 3_600_000}h {milliseconds / 60_000 % 60:00}m",
    };

    public static string Size(long? bytes) => bytes is { } known ? Sizes.Text(known) : Unknown;

    /// <summary>UTC to the second, as the server says it.</summary>
    public static string Moment(DateTimeOffset? moment) => moment?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? Unknown;
}
