namespace Orleans.Workflows.Agents.Framing;

/// <summary>One line of output without its line break. Valid until the framer is called again.</summary>
public readonly ref struct FramedLine
{
    internal FramedLine(ReadOnlySpan<byte> bytes, long length, bool isSkipped)
    {
        Bytes = bytes;
        Length = length;
        IsSkipped = isSkipped;
    }

    /// <summary>The line; empty when <see cref="IsSkipped"/>.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Bytes of the line, also of one that was skipped.</summary>
    public long Length { get; }

    /// <summary>The line was longer than the limit: it was read over and not kept.</summary>
    public bool IsSkipped { get; }
}
