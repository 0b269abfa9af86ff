namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>Cuts a byte stream into frames, whatever the reads' boundaries.</summary>
internal sealed class FrameReader
{
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>Room for the next read; tell <see cref="Advance"/> how much of it was filled.</summary>
    internal Memory<byte> Space()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        return _buffer.AsMemory(_end);
    }

    internal void Advance(int count) => _end += count;

    /// <exception cref="InvalidDataException">The peer doesn't speak this protocol.</exception>
    internal bool TryRead(out Frame frame)
    {
        var decoded = Frame.Decode(_buffer.AsMemory(_start, _end - _start), out var consumed);
        _start += consumed;
        frame = decoded.GetValueOrDefault();
        return decoded is not null;
    }
}
