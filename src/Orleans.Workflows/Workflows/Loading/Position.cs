namespace Orleans.Workflows.Workflows.Loading;

/// <summary>A place in a file; both from 1, and 0 where it is the file as a whole.</summary>
internal readonly record struct Position(int Line, int Column)
{
    public static Position None { get; }

    public static Position OfOffset(ReadOnlySpan<char> text, int offset)
    {
        var before = text[..Math.Min(offset, text.Length)];
        return new Position(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
