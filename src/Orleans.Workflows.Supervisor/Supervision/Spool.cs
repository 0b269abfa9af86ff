using Orleans.Workflows.Supervisor.Launching;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>
/// Copies one of the agent's outputs to its file, byte for byte; the file is made with the first of them. At the limit, and while the disk is full, it stops reading,
/// so that the agent blocks and nothing is lost.
/// </summary>
internal sealed class Spool(SpoolStream stream, int pipe, string file, long limit, byte[] buffer)
{
    private const int ReadsPerTurn = 16;
    private const int RetryMs = 250;

    private int _pipe = pipe;
    private int _file = -1;
    private int _pendingStart;
    private int _pendingEnd;
    private byte[]? _pending;
    private long _retryAt;

    internal SpoolStream Stream { get; } = stream;

    internal long Limit { get; set; } = limit;

    internal long Written { get; private set; }

    /// <summary>Set when the file took no more; 0 otherwise.</summary>
    internal int Errno { get; private set; }

    internal bool AtEnd => _pipe < 0 && _pending is null;

    internal bool IsFull => Written >= Limit || _pending is not null;

    internal int Unwritten => _pending is null ? 0 : _pendingEnd - _pendingStart;

    /// <summary>The descriptor to poll, or -1.</summary>
    internal int Wanted => IsFull ? -1 : _pipe;

    /// <summary>When to try a full disk again; null while it isn't full.</summary>
    internal long? RetryAt => _pending is null ? null : _retryAt;

    /// <summary>Copies what is there. True if the file grew.</summary>
    internal bool Pump(long now)
    {
        var before = Written;
        if (RetryPending(now))
        {
            for (var turn = 0; turn < ReadsPerTurn && Wanted >= 0; turn++)
            {
                if (!Copy((int)Math.Min(buffer.Length, Limit - Written), now))
                    break;
            }
        }

        return Written > before;
    }

    /// <summary>
    /// After the tree is gone: takes what is left in the pipe, the limit notwithstanding (a pipe holds 64 KiB at most).
    /// False while the disk is full.
    /// </summary>
    internal bool Drain(long now)
    {
        if (!RetryPending(now))
            return false;
        while (_pipe >= 0 && Copy(buffer.Length, now))
        {
        }

        if (_pending is null)
            Descriptors.Close(ref _pipe);
        return _pending is null;
    }

    private bool Copy(int most, long now)
    {
        var count = Descriptors.Read(_pipe, buffer.AsSpan(0, most));
        if (count == -Posix.Errno.Again)
            return false;
        if (count <= 0)
        {
            Descriptors.Close(ref _pipe);
            return false;
        }

        return Store(buffer, 0, count, now);
    }

    private bool RetryPending(long now)
    {
        if (_pending is not { } pending)
            return true;
        if (now < _retryAt)
            return false;
        _pending = null;
        Errno = 0;
        return Store(pending, _pendingStart, _pendingEnd, now);
    }

    private bool Store(byte[] bytes, int start, int end, long now)
    {
        while (start < end)
        {
            if (_file < 0)
                _file = PosixFile.Open(file, Flags.WriteOnly | Flags.Create | Flags.Append);
            var count = _file < 0 ? _file : Descriptors.Write(_file, bytes.AsSpan(start, end - start));
            if (count < 0)
            {
                // The buffer is shared by both spools, so the rest moves out of it.
                _pending = bytes.AsSpan(start, end - start).ToArray();
                (_pendingStart, _pendingEnd, _retryAt, Errno) = (0, end - start, now + RetryMs, -count);
                return false;
            }

            start += count;
            Written += count;
        }

        return true;
    }
}
