using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Orleans.Workflows.TestKit.Proxies;

/// <summary>
/// Stands between a client and a server on 127.0.0.1, and is a bad line when told so: cut (connections are reset, new ones too),
/// slow (each byte arrives that much later, in both directions), or silent (nothing arrives, and nobody is told).
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly TimeProvider _time;
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly ConcurrentDictionary<Socket, Socket> _pairs = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;
    private volatile bool _isCut;
    private volatile TaskCompletionSource? _silence;
    private long _delayTicks;

    /// <param name="target">Where connections go.</param>
    /// <param name="port">Where it listens; 0 takes a free port.</param>
    /// <param name="time">The clock of delays.</param>
    public TcpProxy(IPEndPoint target, int port = 0, TimeProvider? time = null)
    {
        (_target, _time) = (target, time ?? TimeProvider.System);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Connections that stand now.</summary>
    public int Connections => _pairs.Count;

    /// <summary>How much later each byte arrives. Default zero.</summary>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>Resets all connections, and every new one, until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var (client, server) in _pairs)
        {
            Reset(client);
            Reset(server);
        }
    }

    /// <summary>Keeps all that is sent from arriving, without an error, until <see cref="Mend"/>.</summary>
    public void Silence() => _silence ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A good line again.</summary>
    public void Mend()
    {
        (_isCut, Delay) = (false, TimeSpan.Zero);
        Interlocked.Exchange(ref _silence, null)?.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        Mend();
        _listener.Dispose();
        Cut();
        await _accepting;
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptAsync(_closing.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Disposed, or a client that left before it was accepted.
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (_isCut)
            {
                return;
            }

            client.NoDelay = true;
            await server.ConnectAsync(_target, _closing.Token);
            _pairs[client] = server;
            if (!_isCut)
            {
                await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The server is away, or the line was cut: the client sees a reset.
        }
        finally
        {
            _pairs.TryRemove(client, out _);
            Reset(client);
            Reset(server);
        }
    }

    /// <summary>Reads ahead while what was read waits for its time, so that a delay costs time and no throughput.</summary>
    private async Task PumpAsync(Socket from, Socket to)
    {
        var chunks = Channel.CreateBounded<(byte[] Bytes, long At)>(256);
        var writing = WriteAsync(chunks.Reader, to);
        try
        {
            var buffer = new byte[64 * 1024];
            while (await from.ReceiveAsync(buffer, _closing.Token) is > 0 and var count)
            {
                await chunks.Writer.WriteAsync((buffer[..count], _time.GetTimestamp()), _closing.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return;
        }
        finally
        {
            chunks.Writer.TryComplete();
        }

        await writing;
    }

    private async Task WriteAsync(ChannelReader<(byte[] Bytes, long At)> chunks, Socket to)
    {
        try
        {
            await foreach (var (bytes, at) in chunks.ReadAllAsync(_closing.Token))
            {
                if (_silence is { } silence)
                {
                    await silence.Task.WaitAsync(_closing.Token);
                }

                var wait = Delay - _time.GetElapsedTime(at);
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, _time, _closing.Token);
                }

                for (var sent = 0; sent < bytes.Length;)
                {
                    sent += await to.SendAsync(bytes.AsMemory(sent), _closing.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut while something was on its way: it is lost, as on a real line.
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }
}
