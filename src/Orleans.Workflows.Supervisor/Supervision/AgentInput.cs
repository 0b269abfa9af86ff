using Orleans.Workflows.Supervisor.Launching;
using Orleans.Workflows.Supervisor.Posix;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>
/// The agent's standard input: writes each message once, in order, as the pipe takes it. Messages are known by id for the
/// attempt's whole life, so that a silo may repeat what it isn't sure about.
/// </summary>
/// <param name="pipe">Not blocking.</param>
/// <param name="written">Hears of each message that the pipe took, once.</param>
/// <param name="repeated">Hears of each that is asked for again and was written before.</param>
/// <param name="refused">Hears of each that will never be written.</param>
internal sealed class AgentInput(int pipe, Action<string> written, Action<string> repeated, Action<string> refused)
{
    private readonly LinkedList<Message> _queue = new();
    private readonly HashSet<string> _known = [];
    private int _pipe = pipe;
    private bool _closing;

    internal bool IsClosed => _pipe < 0 || _closing;

    /// <summary>The descriptor to poll for room, or -1.</summary>
    internal int Wanted => _queue.Count > 0 ? _pipe : -1;

    /// <summary>Queues bytes; an id that was seen before only repeats its answer.</summary>
    internal void Add(string id, ReadOnlySpan<byte> bytes, bool urgent = false)
    {
        if (id.Length > 0 && _known.Contains(id))
        {
            if (!_queue.Any(message => message.Id == id))
                repeated(id);
            return;
        }

        if (IsClosed)
        {
            refused(id);
            return;
        }

        _known.Add(id);
        var added = new Message(id, bytes.ToArray());
        if (urgent && _queue.First is { Value.Offset: > 0 } begun)
            _queue.AddAfter(begun, added);
        else if (urgent)
            _queue.AddFirst(added);
        else
            _queue.AddLast(added);
        Pump();
    }

    /// <summary>Closes the pipe once what is queued was written.</summary>
    internal void CloseWhenWritten()
    {
        _closing = true;
        Pump();
    }

    /// <summary>Closes the pipe now.</summary>
    internal void Close()
    {
        _closing = true;
        Descriptors.Close(ref _pipe);
        while (_queue.First is { } first)
        {
            _queue.RemoveFirst();
            Forget(first.Value.Id);
        }
    }

    internal void Pump()
    {
        while (_pipe >= 0 && _queue.First is { Value: var message })
        {
            var count = Descriptors.Write(_pipe, message.Bytes.AsSpan(message.Offset));
            if (count == -Errno.Again)
                return;
            if (count < 0)
            {
                Close();
                return;
            }

            message.Offset += count;
            if (message.Offset < message.Bytes.Length)
                continue;
            _queue.RemoveFirst();
            if (message.Id.Length > 0)
                written(message.Id);
        }

        if (_closing)
            Descriptors.Close(ref _pipe);
    }

    private void Forget(string id)
    {
        _known.Remove(id);
        if (id.Length > 0)
            refused(id);
    }

    private sealed class Message(string id, byte[] bytes)
    {
        internal string Id { get; } = id;

        internal byte[] Bytes { get; } = bytes;

        internal int Offset { get; set; }
    }
}
