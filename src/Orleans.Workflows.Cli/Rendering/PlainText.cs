using System.Text;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>Text of agents and callers, made safe to print: an escape sequence in it must not reach the terminal.</summary>
internal static class PlainText
{
    /// <summary>Control characters become visible ones (<c>␛</c>); newlines and tabs stay.</summary>
    public static string Clean(string? text) => Clean(text, keepLines: true);

    /// <summary>As <see cref="Clean(string?)"/>, on one line and cut to <paramref name="limit"/> characters.</summary>
    public static string Line(string? text, int limit = int.MaxValue)
    {
        var line = Clean(text, keepLines: false);
        return line.Length <= limit || limit < 1 ? line : string.Concat(line.AsSpan(0, limit - 1), "…");
    }

    private static string Clean(string? text, bool keepLines)
    {
        if (string.IsNullOrEmpty(text) || !text.Any(char.IsControl))
        {
            return text ?? "";
        }

        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            clean.Append(c switch
            {
                '\n' or '\t' when keepLines => c,
                '\n' or '\t' => ' ',
                '\r' when keepLines => ' ',
                '\r' => ' ',
                < ' ' => (char)('\u2400' + c),
                '\u007f' => '\u2421',
                _ when char.IsControl(c) => '\ufffd',
                _ => c,
            });
        }

        return clean.ToString();
    }
}
