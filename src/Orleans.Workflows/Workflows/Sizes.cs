using System.Globalization;
using System.Text.RegularExpressions;

namespace Orleans.Workflows.Workflows;

/// <summary>Amounts of memory as people write them: <c>2GB</c>, <c>1.5 GB</c>, <c>512MiB</c>, or bytes. Each unit is 1,024 of the one below.</summary>
public static partial class Sizes
{
    private const double Step = 1024;
    private static readonly string[] Units = ["bytes", "KB", "MB", "GB", "TB"];

    /// <summary>False for what is no size, and for 1,024 TB and more.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        ArgumentNullException.ThrowIfNull(text);
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var power = match.Groups["unit"] is { Success: true } unit ? 1 + "KMGT".IndexOf(char.ToUpperInvariant(unit.Value[0]), StringComparison.Ordinal) : 0;
        var value = decimal.Parse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * (decimal)Math.Pow(Step, power);
        if (value != decimal.Truncate(value) && power == 0 || value >= (decimal)Math.Pow(Step, 5))
        {
            return false;
        }

        bytes = (long)value;
        return true;
    }

    /// <summary>With two decimals at most: <c>2 GB</c>, <c>150.25 MB</c>, <c>12 bytes</c>.</summary>
    public static string Text(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= Step && unit < Units.Length - 1; unit++)
        {
            value /= Step;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {Units[unit]}");
    }

    [GeneratedRegex(@"^(?<number>\d{1,15}(?:\.\d{1,3})?) ?(?:(?<unit>[KMGT])i?B)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
