using System.Buffers.Binary;

namespace Orleans.Workflows.Execution;

/// <summary>
/// What goes on from a recorded offset: the parser's state, and, where the offset lies inside a line too long to parse, how
/// much of that line lies before it. i64 little endian, then the parser's bytes; empty for none of either.
/// </summary>
internal static class SpoolSnapshot
{
    private const int Header = sizeof(long);

    public static byte[] Write(long passedOver, byte[] parser)
    {
        var snapshot = new byte[Header + parser.Length];
        BinaryPrimitives.WriteInt64LittleEndian(snapshot, passedOver);
        parser.CopyTo(snapshot, Header);
        return snapshot;
    }

    public static (long PassedOver, byte[] Parser) Read(byte[] snapshot) =>
        snapshot.Length < Header ? (0, []) : (BinaryPrimitives.ReadInt64LittleEndian(snapshot), snapshot[Header..]);
}
