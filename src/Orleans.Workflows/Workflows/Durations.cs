using System.Globalization;
using System.Text.RegularExpressions;

namespace Orleans.Workflows.Workflows;

/// <summary>Time spans as people write them: <c>90s</c>, <c>1h30m</c>, <c>500ms</c>, <c>2d</c>, or <c>00:30:00</c>.</summary>
public static partial class Durations
{
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);
        }
        var match = Pattern().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return false;
        }
        value = Part(match.Groups["d"], TimeSpan.TicksPerDay) + Part(match.Groups["h"], TimeSpan.TicksPerHour) + Part(match.Groups["m"], TimeSpan.TicksPerMinute)
            + Part(match.Groups["s"], TimeSpan.TicksPerSecond) + Part(match.Groups["ms"], TimeSpan.TicksPerMillisecond);
        return true;
    }

    // Seven digits of the largest unit still fit, so no sum overflows.
    private static TimeSpan Part(Group digits, long ticks) =>
        digits.Success ? TimeSpan.FromTicks(ticks * long.Parse(digits.ValueSpan, CultureInfo.InvariantCulture)) : TimeSpan.Zero;

    [GeneratedRegex(@"^(?:(?<d>\d{1,6})d)?(?:(?<h>\d{1,7})h)?(?:(?<m>\d{1,7})m)?(?:(?<s>\d{1,7})s)?(?:(?<ms>\d{1,7})ms)?\z")]
    private static partial Regex Pattern();
}
