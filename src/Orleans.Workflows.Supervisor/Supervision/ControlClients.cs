using Orleans.Workflows.Supervisor.Launching;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>All who are connected, and the socket on which others may. That none is left changes nothing for the agent.</summary>
internal sealed unsafe class ControlClients(ControlConnection silo, int listener)
{
    private const int AcceptRetryMs = 1000;

    private int _listener = listener;
    private long? _acceptAt;
    private readonly List<ControlConnection> _clients = [silo];
    private byte[] _latestGrowth = [];

    /// <summary>When to look for new clients again; null while the socket wakes the loop for them.</summary>
    internal long? AcceptAt => _acceptAt;

    internal void AddTo(PollList polled)
    {
        if (_acceptAt is null)
            polled.Add(_listener, PollEntry.Readable);
        foreach (var client in _clients)
            polled.Add(client.Descriptor, client.HasUnsent ? PollEntry.Readable | PollEntry.Writable : PollEntry.Readable);
    }

    /// <summary>Takes new clients (and tells them the state), reads commands, sends what was left over.</summary>
    internal void Serve(Action<Frame, ControlConnection> obey, Action<ControlConnection> describe)
    {
        Accept(describe);

        // By index: a command may send, and a send may close.
        for (var index = 0; index < _clients.Count; index++)
        {
            var client = _clients[index];
            client.Receive();
            while (client.TryRead(out var frame))
                obey(frame, client);
            client.Flush();
            if (client is { MissesGrowth: true, HasUnsent: false })
                SendGrowth(client);
        }

        _clients.RemoveAll(client => client.IsClosed);
    }

    private void Accept(Action<ControlConnection> describe)
    {
        if (BootClock.Milliseconds < _acceptAt)
            return;
        _acceptAt = null;
        int socket;
        while ((socket = ControlSocket.Accept(_listener)) >= 0)
        {
            var added = new ControlConnection(socket);
            _clients.Add(added);
            describe(added);
        }

        // Whoever can't be taken, as without a free descriptor, keeps the socket readable: it would wake the loop for ever.
        if (-socket != Errno.Again)
            _acceptAt = BootClock.Milliseconds + AcceptRetryMs;
    }

    internal void Broadcast(byte[] frame)
    {
        foreach (var client in _clients)
            client.Send(frame);
    }

    internal void TellGrowth(byte[] frame)
    {
        _latestGrowth = frame;
        foreach (var client in _clients)
            SendGrowth(client);
    }

    /// <summary>Sends the last frame and gives slow clients a bounded time to take it.</summary>
    internal void TellLast(byte[] frame, int patienceMs)
    {
        // Whoever connected in the last moment waits in the backlog; whoever comes later finds the exit record.
        Serve((_, _) => { }, _ => { });
        Descriptors.Close(ref _listener);
        Broadcast(frame);
        var until = BootClock.Milliseconds + patienceMs;
        foreach (var client in _clients)
        {
            while (client is { HasUnsent: true, IsClosed: false } && BootClock.Milliseconds < until)
            {
                var entry = new PollEntry { Descriptor = client.Descriptor, Events = PollEntry.Writable };
                _ = Libc.Poll(&entry, 1, (int)Math.Max(0, until - BootClock.Milliseconds));
                client.Flush();
            }
        }
    }

    private void SendGrowth(ControlConnection client)
    {
        client.MissesGrowth = client.HasUnsent;
        if (!client.HasUnsent)
            client.Send(_latestGrowth);
    }
}
