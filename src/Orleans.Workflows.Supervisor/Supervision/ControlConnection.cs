using Orleans.Workflows.Supervisor.Launching;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>
/// One client. A slow one never holds up the agent: growth is told only when everything before it was taken, and a client
/// that leaves a megabyte lying is dropped (it attaches again and is told the state).
/// </summary>
internal sealed class ControlConnection(int socket)
{
    private const int MostUnsent = 1 << 20;
    private const int ReadsPerTurn = 64;

    private readonly FrameReader _reader = new();
    private byte[] _unsent = [];
    private int _socket = socket;
    private bool _isDeaf;

    internal int Descriptor => _socket;

    internal bool IsClosed => _socket < 0;

    internal bool HasUnsent => _unsent.Length > 0;

    internal bool MissesGrowth { get; set; }

    /// <summary>Reads what is there; frames are then taken with <see cref="TryRead"/>.</summary>
    internal void Receive()
    {
        for (var turn = 0; turn < ReadsPerTurn && _socket >= 0; turn++)
        {
            var space = _reader.Space().Span;
            var count = Descriptors.Read(_socket, space);
            if (count == -Errno.Again)
                return;
            if (count <= 0)
            {
                Close();
                return;
            }

            _reader.Advance(count);
            if (count < space.Length)
                return;
        }
    }

    internal bool TryRead(out Frame frame)
    {
        try
        {
            return _reader.TryRead(out frame);
        }
        catch (InvalidDataException)
        {
            Close();
            frame = default;
            return false;
        }
    }

    internal void Send(byte[] frame)
    {
        if (IsClosed || _isDeaf)
            return;
        if (_unsent.Length > MostUnsent)
        {
            Close();
            return;
        }

        _unsent = _unsent.Length == 0 ? frame : [.. _unsent, .. frame];
        Flush();
    }

    internal void Flush()
    {
        while (_socket >= 0 && _unsent.Length > 0)
        {
            var count = Descriptors.Write(_socket, _unsent);
            if (count == -Errno.Again)
                return;
            if (count < 0)
            {
                // It hears nothing any more, but what it said before it left may still lie unread: reading finds its end.
                (_isDeaf, _unsent) = (true, []);
                return;
            }

            _unsent = count == _unsent.Length ? [] : _unsent[count..];
        }
    }

    internal void Close() => Descriptors.Close(ref _socket);
}
