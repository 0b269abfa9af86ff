namespace Orleans.Workflows.Agents.Framing;

/// <summary>
/// Cuts a stream of bytes into lines, whatever the boundaries of the reads. A line inside one read is not copied; one that
/// spans reads is gathered in a buffer that grows up to the limit. <c>\r\n</c> is taken as <c>\n</c>, empty lines are dropped.
/// </summary>
/// <remarks>
/// A caller persists <see cref="Offset"/> together with its parser's snapshot: both stand right after the same newline.
/// After a crash it makes a new framer with that offset and feeds the file from there; nothing of a half-read line is kept.
/// </remarks>
/// <param name="limit">Longest line that is handed out, in bytes.</param>
/// <param name="offset">Where in the stream the first byte to come stands.</param>
/// <param name="passedOver">How much of a line longer than the limit lies before it: see <see cref="PassOver"/>.</param>
public sealed class LineFramer(int limit, long offset = 0, long passedOver = 0)
{
    private const byte NewLine = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';
    private const int SmallBuffer = 64 * 1024;

    private byte[] _partial = [];
    private int _length;
    private long _skipped;
    private bool _handedOut;

    /// <summary>Bytes of the current line that lie before <see cref="Offset"/>; not 0 only inside a line that is longer than the limit.</summary>
    public long PassedOver { get; private set; } = passedOver;

    /// <summary>Stands after the last newline whose line was handed out or dropped, or inside a line that is passed over.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Bytes read after <see cref="Offset"/>: a line whose newline has not come yet.</summary>
    public long Pending => _handedOut ? 0 : _length + _skipped;

    /// <summary>
    /// Takes the next line out of <paramref name="unread"/> and moves it on. False when <paramref name="unread"/> is used up;
    /// what is left of a line is kept until the next read.
    /// </summary>
    public bool TryRead(ref ReadOnlySpan<byte> unread, out FramedLine line)
    {
        ReleaseHandedOut();
        while (!unread.IsEmpty)
        {
            var end = unread.IndexOf(NewLine);
            if (end < 0)
            {
                Keep(unread);
                unread = default;
                break;
            }

            var piece = unread[..end];
            unread = unread[(end + 1)..];
            Offset += Pending + end + 1;
            if (Complete(piece, out line))
            {
                return true;
            }
        }

        line = default;
        return false;
    }

    /// <summary>At the stream's end: the last line when no newline closes it. <see cref="Offset"/> then stands at the end.</summary>
    public bool TryFinish(out FramedLine line)
    {
        ReleaseHandedOut();
        Offset += Pending;
        return Complete([], out line);
    }

    /// <summary>Where the current line is already known to be longer than the limit, moves <see cref="Offset"/> to what was read of it.</summary>
    public void PassOver()
    {
        if (_skipped > 0)
        {
            PassedOver += _skipped;
            Offset += _skipped;
            _skipped = 0;
        }
    }

    private bool Complete(ReadOnlySpan<byte> piece, out FramedLine line)
    {
        if (PassedOver + _skipped + _length + piece.Length > limit)
        {
            line = new FramedLine(default, PassedOver + _skipped + _length + piece.Length, isSkipped: true);
            _length = 0;
            _skipped = 0;
            PassedOver = 0;
            return true;
        }

        if (_length > 0)
        {
            Append(piece);
            piece = _partial.AsSpan(0, _length);
            _handedOut = true;
        }

        if (!piece.IsEmpty && piece[^1] == CarriageReturn)
        {
            piece = piece[..^1];
        }

        line = new FramedLine(piece, piece.Length, isSkipped: false);
        if (piece.IsEmpty)
        {
            ReleaseHandedOut();
        }

        return !piece.IsEmpty;
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        if (PassedOver + _skipped > 0 || _length + piece.Length > limit)
        {
            _skipped += _length + piece.Length;
            _length = 0;
        }
        else
        {
            Append(piece);
        }
    }

    private void Append(ReadOnlySpan<byte> piece)
    {
        if (_length + piece.Length > _partial.Length)
        {
            var grown = (int)Math.Min(Math.Max(2L * _partial.Length, Math.Max(_length + piece.Length, 4096)), Math.Max(limit, _length + piece.Length));
            Array.Resize(ref _partial, grown);
        }

        piece.CopyTo(_partial.AsSpan(_length));
        _length += piece.Length;
    }

    // One line of megabytes must not hold its memory for the rest of the attempt.
    private void ReleaseHandedOut()
    {
        if (!_handedOut)
        {
            return;
        }

        _handedOut = false;
        _length = 0;
        if (_partial.Length > SmallBuffer)
        {
            _partial = [];
        }
    }
}
