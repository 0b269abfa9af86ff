using System.Buffers.Text;

namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// Writes one small JSON object. A supervisor writes three in its life: setting up the library's serializer for them cost it
/// more than all else that it did before the agent ran.
/// </summary>
internal struct JsonText(int capacity)
{
    private const int LongestNumber = 20;
    private const int LongestEscape = 6;
    private byte[] _bytes = new byte[capacity];
    private int _length;
    private bool _follows;

    internal readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    internal void Open(byte bracket)
    {
        Separate();
        Add([bracket]);
        _follows = false;
    }

    internal void Close(byte bracket)
    {
        Add([bracket]);
        _follows = true;
    }

    internal void Name(ReadOnlySpan<byte> name)
    {
        Separate();
        Add("\""u8);
        Add(name);
        Add("\":"u8);
        _follows = false;
    }

    internal void Number(ReadOnlySpan<byte> name, long value)
    {
        Name(name);
        Ensure(LongestNumber);
        _ = Utf8Formatter.TryFormat(value, _bytes.AsSpan(_length), out var length);
        _length += length;
        _follows = true;
    }

    /// <summary>Leaves an unknown one out.</summary>
    internal void Number(ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } known)
            Number(name, known);
    }

    internal void Flag(ReadOnlySpan<byte> name, bool value)
    {
        Name(name);
        Add(value ? "true"u8 : "false"u8);
        _follows = true;
    }

    /// <summary>A word of ours, which needs no escape.</summary>
    internal void Word(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name(name);
        Add("\""u8);
        Add(value);
        Add("\""u8);
        _follows = true;
    }

    /// <summary>Any text; half a surrogate pair becomes U+FFFD, as everywhere where text becomes UTF-8.</summary>
    internal void Text(ReadOnlySpan<byte> name, string value)
    {
        Name(name);
        Add("\""u8);
        for (var index = 0; index < value.Length; index++)
        {
            var isPair = char.IsSurrogate(value[index]) && index + 1 < value.Length && char.IsSurrogatePair(value[index], value[index + 1]);
            AddEscaped(isPair || !char.IsSurrogate(value[index]) ? value[index] : '\uFFFD');
            if (isPair)
                AddEscaped(value[++index]);
        }

        Add("\""u8);
        _follows = true;
    }

    private void AddEscaped(char unit)
    {
        Ensure(LongestEscape);
        if (unit is >= ' ' and <= '~' and not '"' and not '\\')
        {
            _bytes[_length++] = (byte)unit;
            return;
        }

        Add("\\u"u8);
        for (var shift = 12; shift >= 0; shift -= 4)
            _bytes[_length++] = "0123456789abcdef"u8[(unit >> shift) & 0xf];
    }

    private void Separate()
    {
        if (_follows)
            Add(","u8);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Ensure(int room)
    {
        if (_bytes.Length - _length < room)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + room));
    }
}
