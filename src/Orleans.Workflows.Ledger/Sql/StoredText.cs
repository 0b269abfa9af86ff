using System.Buffers;
using System.Text;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>Text that both databases can hold: PostgreSQL refuses U+0000, and neither holds half a surrogate pair.</summary>
internal static class StoredText
{
    private static readonly SearchValues<char> Suspects =
        SearchValues.Create([(char)0, .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    /// <summary>U+0000 becomes the six characters <c>\u0000</c>, a lone surrogate U+FFFD; anything else stays.</summary>
    public static string? Of(string? text)
    {
        if (text is null || !text.AsSpan().ContainsAny(Suspects))
        {
            return text;
        }

        var builder = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value == 0 ? builder.Append("\\u0000") : builder.Append(rune.ToString());
        }

        return builder.ToString();
    }
}
