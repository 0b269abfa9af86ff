namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// The lines of <see cref="AttemptFiles.Record"/>, each written when it became true. One without its line feed was cut off and
/// counts for nothing.
/// <code>
/// {"supervisor":{"pid":6294,"startTime":1602096,"bootId":"f864261a-153b-4050-b1c4-4bfb547b6918"}}
/// {"agent":{"pid":6295,"startTime":1602097,"bootId":"f864261a-153b-4050-b1c4-4bfb547b6918"}}
/// {"exit":{"cause":"exited","exitCode":0,…}}
/// </code>
/// </summary>
internal static class AttemptRecord
{
    /// <summary>Above what three lines take, with <see cref="ExitRecord.MaximumSurvivors"/> names in which every character is escaped.</summary>
    internal const int MaximumBytes = 16 * 1024;

    /// <summary>Holds a <see cref="ProcessRecord"/>.</summary>
    internal static ReadOnlySpan<byte> Supervisor => "supervisor"u8;

    /// <summary>Holds a <see cref="ProcessRecord"/>.</summary>
    internal static ReadOnlySpan<byte> Agent => "agent"u8;

    /// <summary>Holds an <see cref="ExitRecord"/>.</summary>
    internal static ReadOnlySpan<byte> Exit => "exit"u8;

    internal static byte[] Line(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json) => [.. "{\""u8, .. name, .. "\":"u8, .. json, .. "}\n"u8];

    /// <summary>What the line of this name holds. Null: there is none.</summary>
    internal static ReadOnlyMemory<byte>? Find(ReadOnlyMemory<byte> record, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> start = [.. "{\""u8, .. name, .. "\":"u8];
        for (int length; (length = record.Span.IndexOf((byte)'\n')) >= 0; record = record[(length + 1)..])
        {
            var line = record[..length];
            if (line.Span.StartsWith(start) && line.Span[^1] == (byte)'}')
                return line[start.Length..^1];
        }

        return null;
    }
}
