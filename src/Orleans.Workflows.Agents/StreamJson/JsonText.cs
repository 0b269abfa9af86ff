using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>
/// Reads JSON values that a foreign program wrote, so that nothing it writes throws: bad UTF-8, lone surrogates and U+0000
/// (which PostgreSQL refuses in text) become U+FFFD, numbers out of range are unknown, long text is cut while it is decoded.
/// </summary>
internal static class JsonText
{
    private const char Replacement = '\uFFFD';

    /// <summary>More than any model or price will ever reach; what lies beyond is a broken number, not a measurement.</summary>
    private const long MostTokens = 1_000_000_000_000_000;
    private const decimal MostDollars = 1_000_000_000_000m;

    public static string? String(in Utf8JsonReader reader, int limit = AgentEvent.TextLimit) => reader.TokenType switch
    {
        JsonTokenType.String or JsonTokenType.PropertyName => Unescape(reader.ValueSpan, reader.ValueIsEscaped, limit),
        _ => null,
    };

    public static long? Count(in Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value is >= 0 and <= MostTokens ? value : null;

    public static int? SmallCount(in Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : null;

    /// <summary>Money, taken from the JSON text digit by digit: never through a binary fraction.</summary>
    public static decimal? Dollars(in Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var value) && value is >= 0 and <= MostDollars ? value : null;

    public static double? Fraction(in Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value) ? value : null;

    public static bool IsTrue(in Utf8JsonReader reader) => reader.TokenType == JsonTokenType.True;

    /// <summary>A value as it stands in the line, cut.</summary>
    public static string Raw(ReadOnlySpan<byte> value, int limit = AgentEvent.TextLimit) => Unescape(value, escaped: false, limit);

    internal static string Unescape(ReadOnlySpan<byte> text, bool escaped, int limit)
    {
        // JSON has no raw control characters and decoding makes no lone surrogates: without escapes nothing is to be cleaned.
        if (!escaped && text.Length <= limit && !text.Contains((byte)0))
        {
            return Encoding.UTF8.GetString(text);
        }

        var builder = new StringBuilder(Math.Min(text.Length, limit));
        while (!text.IsEmpty && builder.Length < limit)
        {
            var plain = escaped ? text.IndexOf((byte)'\\') : -1;
            if (plain != 0)
            {
                var run = plain < 0 ? text : text[..plain];
                Decode(run, builder, limit);
                text = text[run.Length..];
            }
            else
            {
                text = text[Escape(text, builder)..];
            }
        }

        return Clean(builder, limit);
    }

    private static void Decode(ReadOnlySpan<byte> run, StringBuilder builder, int limit)
    {
        // A character takes at most three bytes a UTF-16 unit, so more bytes than that need not be looked at.
        var most = (int)Math.Min(run.Length, 3L * (limit - builder.Length) + 3);
        builder.Append(Encoding.UTF8.GetString(run[..most]));
    }

    private static int Escape(ReadOnlySpan<byte> text, StringBuilder builder)
    {
        if (text.Length < 2)
        {
            return text.Length;
        }

        if (text[1] != 'u')
        {
            builder.Append(text[1] switch
            {
                (byte)'n' => '\n',
                (byte)'t' => '\t',
                (byte)'r' => '\r',
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                var other => (char)other,
            });
            return 2;
        }

        if (text.Length < 6 || !Utf8Parser.TryParse(text.Slice(2, 4), out ushort unit, out var used, 'x') || used != 4)
        {
            builder.Append(Replacement);
            return Math.Min(text.Length, 6);
        }

        builder.Append((char)unit);
        return 6;
    }

    private static string Clean(StringBuilder builder, int limit)
    {
        if (builder.Length > limit)
        {
            builder.Length = limit;
        }

        for (var i = 0; i < builder.Length; i++)
        {
            var c = builder[i];
            if (char.IsHighSurrogate(c) && i + 1 < builder.Length && char.IsLowSurrogate(builder[i + 1]))
            {
                i++;
            }
            else if (c == '\0' || char.IsSurrogate(c))
            {
                builder[i] = Replacement;
            }
        }

        return builder.ToString();
    }

    public static string Invariant(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
