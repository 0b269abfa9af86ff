using System.Text;

namespace Orleans.Workflows.Credentials;

/// <summary>
/// Replaces secrets in text: the literal values, and their base64 at whatever offset it stands in a longer one.
/// Values under six characters are left alone: replacing them would only make texts unreadable. Thread-safe.
/// </summary>
public sealed class SecretRedactor
{
    public const string Mask = "[redacted]";
    private const int ShortestSecret = 6;
    private const int ShortestEncoded = 8;
    private readonly string[] _needles;

    public SecretRedactor(IEnumerable<string> secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        _needles = [.. secrets.Where(secret => secret.Length >= ShortestSecret).SelectMany(Forms)
            .Distinct(StringComparer.Ordinal).OrderByDescending(needle => needle.Length)];
    }

    public static SecretRedactor None { get; } = new([]);

    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var needle in _needles)
        {
            text = text.Replace(needle, Mask, StringComparison.Ordinal);
        }
        return text;
    }

    private static IEnumerable<string> Forms(string secret)
    {
        yield return secret;
        foreach (var line in secret.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length >= ShortestSecret * 2))
        {
            yield return line;
        }
        for (var offset = 0; offset < 3; offset++)
        {
            var encoded = Encoded(secret, offset);
            if (encoded.Length >= ShortestEncoded)
            {
                yield return encoded;
                yield return encoded.Replace('+', '-').Replace('/', '_');
            }
        }
    }

    // Base64 works in groups of three bytes, so a value has three forms; characters that mix in a neighbour's bits are cut.
    private static string Encoded(string secret, int offset)
    {
        byte[] bytes = [.. new byte[offset], .. Encoding.UTF8.GetBytes(secret)];
        var encoded = Convert.ToBase64String(bytes);
        var start = offset == 0 ? 0 : offset + 1;
        var end = bytes.Length * 8 / 6;
        return encoded[start..Math.Max(start, end)];
    }
}
