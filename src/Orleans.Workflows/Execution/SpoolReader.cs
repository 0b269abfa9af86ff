using Orleans.Workflows.Agents;
using Orleans.Workflows.Agents.Framing;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution;

/// <summary>
/// Reads one attempt's spool files from where the ledger stands, parses what is whole, and gathers it until it is recorded.
/// Never reads further ahead than one flush, so memory is bounded whatever the agent writes.
/// </summary>
internal sealed class SpoolReader : IDisposable
{
    private const int ReadSize = 256 * 1024;
    private const int TailSize = 8 * 1024;

    private readonly string _stdoutPath;
    private readonly string _stderrPath;
    private readonly int _flushBytes;
    private readonly SpoolBound _bound;
    private readonly LineFramer _framer;
    private readonly AgentEventBatch _batch = new();
    private FileStream? _stdout;
    private FileStream? _stderr;
    private byte[] _raw = new byte[16 * 1024];
    private int _rawLength;
    private byte[] _errors = [];
    private long _from;
    private long _errorsFrom;

    /// <param name="stdoutPath">The spool; no such file is an empty one.</param>
    /// <param name="stderrPath">As <paramref name="stdoutPath"/>.</param>
    /// <param name="parser">Stands where the ledger does.</param>
    /// <param name="passedOver">How much of a line too long to parse lies before <paramref name="stdoutOffset"/>.</param>
    /// <param name="capabilities">The agent's.</param>
    /// <param name="stdoutOffset">Where the ledger stands.</param>
    /// <param name="stderrOffset">As <paramref name="stdoutOffset"/>.</param>
    /// <param name="flushBytes">How much is read ahead of the ledger.</param>
    /// <param name="bound">Where the files count as over; null is nowhere.</param>
    public SpoolReader(string stdoutPath, string stderrPath, IAgentParser parser, long passedOver, AgentCapabilities capabilities, long stdoutOffset, long stderrOffset, int flushBytes, SpoolBound? bound = null)
    {
        (_stdoutPath, _stderrPath, _flushBytes, Parser) = (stdoutPath, stderrPath, flushBytes, parser);
        _bound = bound ?? SpoolBound.None;
        (_from, _errorsFrom) = (stdoutOffset, stderrOffset);
        _framer = new(capabilities.LineLimit, stdoutOffset, passedOver);
        StderrTail = ReadTail(stderrPath, stderrOffset);
    }

    public IAgentParser Parser { get; }

    /// <summary>What was read and not recorded means.</summary>
    public AgentEventBatch Batch => _batch;

    /// <summary>Whole lines of stdout read so far: what counts as a sign of life.</summary>
    public long Lines { get; private set; }

    /// <summary>The last of stderr.</summary>
    public byte[] StderrTail { get; private set; } = [];

    /// <summary>Something whole was read that is not recorded.</summary>
    public bool HasOutput => _framer.Offset > _from || _errors.Length > 0;

    /// <summary>Enough was read that it should be recorded before more is.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The files hold less than the supervisor wrote, or it had to give some up: the machine crashed, or its disk was full.</summary>
    public bool IsShorterThan(ExitRecord? exit) =>
        exit is not null && (exit.LostBytes > 0 || _framer.Offset < exit.StdoutBytes || _errorsFrom + _errors.Length < exit.StderrBytes);

    /// <summary>Reads what the files hold now, up to one flush. False when there is more to read.</summary>
    public bool Read()
    {
        var stdoutDone = ReadStdout();
        var stderrDone = ReadStderr();
        return stdoutDone && stderrDone;
    }

    /// <summary>The stream is over: a last line without a newline counts too.</summary>
    public void Finish()
    {
        if (_framer.TryFinish(out var line))
        {
            Parse(line);
        }
    }

    /// <summary>What was read and not recorded, for the run's grain.</summary>
    public AttemptOutput Output(int attempt)
    {
        var length = (int)(_framer.Offset - _from);
        return new()
        {
            Attempt = attempt,
            StdoutFrom = _from,
            StdoutTo = _framer.Offset,
            StderrFrom = _errorsFrom,
            StderrTo = _errorsFrom + _errors.Length,
            Snapshot = SpoolSnapshot.Write(_framer.PassedOver, Parser.Snapshot()),
            Progress = Parser.Progress,
            Events = AgentEventJson.Write(_batch.Events),
            EventCount = _batch.Events.Count,
            Usage = _batch.Usage.ToArray(),
            Stdout = _raw.AsSpan(0, length).ToArray(),
            Stderr = _errors,
        };
    }

    /// <summary>The output is durable: it is let go.</summary>
    public void Recorded(AttemptOutput output)
    {
        var length = output.Stdout.Length;
        _raw.AsSpan(length, _rawLength - length).CopyTo(_raw);
        _rawLength -= length;
        if (_rawLength == 0 && _raw.Length > ReadSize)
        {
            _raw = new byte[16 * 1024];
        }

        (_from, _errorsFrom, _errors, IsFull) = (output.StdoutTo, output.StderrTo, [], false);
        _batch.Clear();
    }

    public void Dispose()
    {
        _stdout?.Dispose();
        _stderr?.Dispose();
    }

    private bool ReadStdout()
    {
        _stdout ??= Open(_stdoutPath, _from + _rawLength);
        if (_stdout is not { } stdout)
        {
            return true;
        }

        while (!IsFull)
        {
            if (_raw.Length - _rawLength < ReadSize / 4)
            {
                Array.Resize(ref _raw, Math.Max(ReadSize, _raw.Length * 2));
            }

            var count = stdout.Read(_raw, _rawLength, (int)Math.Min(Math.Min(ReadSize, _raw.Length - _rawLength), _bound.Stdout - stdout.Position));
            if (count == 0)
            {
                return true;
            }

            ReadOnlySpan<byte> unread = _raw.AsSpan(_rawLength, count);
            _rawLength += count;
            while (_framer.TryRead(ref unread, out var line))
            {
                Parse(line);
            }

            // What is kept of a line without an end is bounded: one too long to parse is recorded piece by piece.
            _framer.PassOver();
            IsFull = _framer.Offset - _from >= _flushBytes;
        }

        return false;
    }

    private bool ReadStderr()
    {
        _stderr ??= Open(_stderrPath, _errorsFrom + _errors.Length);
        if (_stderr is not { } stderr)
        {
            return true;
        }

        if (_errors.Length >= ReadSize)
        {
            return false;
        }

        var end = Math.Min(stderr.Length, _bound.Stderr);
        var buffer = new byte[(int)Math.Min(ReadSize, Math.Max(0, end - stderr.Position))];
        var count = stderr.Read(buffer, 0, buffer.Length);
        if (count > 0)
        {
            _errors = [.. _errors, .. buffer.AsSpan(0, count)];
            byte[] tail = [.. StderrTail, .. buffer.AsSpan(0, count)];
            StderrTail = tail.Length > TailSize ? tail[^TailSize..] : tail;
        }

        return stderr.Position >= end;
    }

    private void Parse(FramedLine line)
    {
        Lines++;
        if (line.IsSkipped)
        {
            Parser.Skip(line.Length, _batch);
        }
        else
        {
            Parser.Parse(line.Bytes, _batch);
        }
    }

    /// <summary>What an earlier reader saw of it last: the end is judged by the same words after a crash.</summary>
    private static byte[] ReadTail(string path, long offset)
    {
        using var stream = offset > 0 ? Open(path, Math.Max(0, offset - TailSize)) : null;
        if (stream is null)
        {
            return [];
        }

        var tail = new byte[offset - stream.Position];
        return tail[..stream.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false)];
    }

    private static FileStream? Open(string path, long offset)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        stream.Position = offset;
        return stream;
    }
}
