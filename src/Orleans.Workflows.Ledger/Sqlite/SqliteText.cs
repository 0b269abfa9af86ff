using System.Globalization;

namespace Orleans.Workflows.Ledger.Sqlite;

/// <summary>Times as UTC text of one width, which sorts by time; money as decimal text without trailing zeros.</summary>
internal static class SqliteText
{
    /// <summary>One raw sample: <c>2026-11-22T22:42:40.123456Z</c>.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    // Dividing by this strips trailing zeros: decimal keeps a scale, and 1.50 and 1.5 must be the same text.
    private const decimal Unscale = 1.0000000000000000000000000000m;

    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static string Of(decimal money) => (money / Unscale).ToString(CultureInfo.InvariantCulture);

    public static DateTimeOffset ParseTime(string text) => DateTimeOffset.ParseExact(
        text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    public static decimal ParseMoney(string text) => decimal.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);
}
