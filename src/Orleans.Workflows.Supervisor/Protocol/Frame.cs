using System.Buffers.Binary;
using System.Text;

namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// One frame: u32 length of what follows, u8 <see cref="FrameKind"/>, u8 count of numbers, the numbers (i64), u16 length of
/// the id, the id (UTF-8), and raw bytes to the end. All little endian.
/// <example>
/// Input "m1" with the bytes <c>hi\n</c>: <c>09 00 00 00 | 03 | 00 | 02 00 6d 31 | 68 69 0a</c>
/// </example>
/// </summary>
internal readonly struct Frame
{
    /// <summary>Bytes a frame may have; a launch or an input beyond it is a broken peer. 64 MiB.</summary>
    internal const int MaxBytes = 64 << 20;

    private const int Header = 4;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly int _bytesAt;

    private Frame(ReadOnlyMemory<byte> body)
    {
        _body = body;
        var span = body.Span;
        var idAt = 2 + 8 * span[1];
        var idLength = BinaryPrimitives.ReadUInt16LittleEndian(span[idAt..]);
        _bytesAt = idAt + 2 + idLength;
        Id = Encoding.UTF8.GetString(span[(idAt + 2).._bytesAt]);
    }

    internal FrameKind Kind => (FrameKind)_body.Span[0];

    internal string Id { get; }

    /// <summary>Valid until more is read into the reader that gave the frame.</summary>
    internal ReadOnlyMemory<byte> Bytes => _body[_bytesAt..];

    internal long Number(int index) =>
        index < _body.Span[1] ? BinaryPrimitives.ReadInt64LittleEndian(_body.Span[(2 + 8 * index)..]) : 0;

    /// <summary>Encodes a frame.</summary>
    internal static byte[] Encode(FrameKind kind, ReadOnlySpan<long> numbers = default, string id = "", ReadOnlySpan<byte> bytes = default)
    {
        var idLength = Encoding.UTF8.GetByteCount(id);
        var body = 2 + 8 * numbers.Length + 2 + idLength + bytes.Length;
        if (body > MaxBytes)
            throw new ArgumentException($"A control frame holds at most {MaxBytes} bytes; this one has {body}.", nameof(bytes));
        var frame = new byte[Header + body];
        var span = frame.AsSpan();
        BinaryPrimitives.WriteInt32LittleEndian(span, body);
        span[4] = (byte)kind;
        span[5] = (byte)numbers.Length;
        span = span[6..];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(span, number);
            span = span[8..];
        }

        BinaryPrimitives.WriteUInt16LittleEndian(span, checked((ushort)idLength));
        Encoding.UTF8.GetBytes(id, span[2..]);
        bytes.CopyTo(span[(2 + idLength)..]);
        return frame;
    }

    /// <summary>The first frame of a buffer, or null while it isn't complete. <paramref name="consumed"/> tells how long it was.</summary>
    /// <exception cref="InvalidDataException">The bytes are no frame.</exception>
    internal static Frame? Decode(ReadOnlyMemory<byte> buffer, out int consumed)
    {
        consumed = 0;
        if (buffer.Length < Header)
            return null;
        var body = BinaryPrimitives.ReadInt32LittleEndian(buffer.Span);
        if (body is < 4 or > MaxBytes)
            throw new InvalidDataException($"A control frame of {body} bytes.");
        if (buffer.Length - Header < body)
            return null;
        var span = buffer.Span.Slice(Header, body);
        var idAt = 2 + 8 * span[1];
        if (idAt + 2 > body || idAt + 2 + BinaryPrimitives.ReadUInt16LittleEndian(span[idAt..]) > body)
            throw new InvalidDataException("A control frame's fields are longer than the frame.");
        consumed = Header + body;
        return new Frame(buffer.Slice(Header, body));
    }
}
