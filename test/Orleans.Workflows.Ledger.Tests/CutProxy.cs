using System.Net;
using System.Net.Sockets;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>A wire to the database that can swallow answers or questions, and be cut.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private volatile bool _swallowAnswers, _swallowQuestions, _refuse;

    public CutProxy(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void SwallowAnswers() => _swallowAnswers = true;

    public void SwallowQuestions() => _swallowQuestions = true;

    public void Refuse() => _refuse = true;

    /// <summary>Cuts every connection; new ones are whole again.</summary>
    public void Cut()
    {
        (_swallowAnswers, _swallowQuestions) = (false, false);
        lock (_lock)
        {
            _sockets.ForEach(socket => socket.Dispose());
            _sockets.Clear();
        }
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Cut();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                if (_refuse)
                {
                    client.Dispose();
                    continue;
                }

                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(IPAddress.Loopback, _target);
                lock (_lock)
                {
                    _sockets.AddRange([client, server]);
                }

                _ = CopyAsync(client, server, () => _swallowQuestions);
                _ = CopyAsync(server, client, () => _swallowAnswers);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private static async Task CopyAsync(Socket from, Socket to, Func<bool> swallow)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                if (!swallow())
                {
                    await to.SendAsync(buffer.AsMemory(0, count));
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Cut, or closed by one side: the other learns it below.
        }

        from.Dispose();
        to.Dispose();
    }
}
