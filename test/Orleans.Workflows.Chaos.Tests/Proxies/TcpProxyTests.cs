using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.TestKit.Proxies;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Chaos.Tests.Proxies;

public sealed class TcpProxyTests : IAsyncDisposable
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly FakeTimeProvider _time = new();
    private readonly TcpProxy _proxy;

    public TcpProxyTests()
    {
        _server.Start();
        _proxy = new((IPEndPoint)_server.LocalEndpoint, time: _time);
    }

    [Fact]
    public async Task What_is_sent_arrives_in_both_directions()
    {
        using var client = await ConnectAsync();
        using var server = await _server.AcceptSocketAsync(TestContext.Current.CancellationToken);
        Assert.Equal("ask", await PassAsync(client, server, "ask"));
        Assert.Equal("answer", await PassAsync(server, client, "answer"));
    }

    [Fact]
    public async Task A_cut_resets_what_stands_and_what_comes_until_it_is_mended()
    {
        using var client = await ConnectAsync();
        using var server = await _server.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await PassAsync(client, server, "stands");
        _proxy.Cut();
        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(client));
        await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(server));

        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var refused = await ConnectAsync();
            await ReceiveAsync(refused);
        });

        _proxy.Mend();
        using var again = await ConnectAsync();
        using var accepted = await _server.AcceptSocketAsync(TestContext.Current.CancellationToken);
        Assert.Equal("again", await PassAsync(again, accepted, "again"));
    }

    [Fact]
    public async Task A_slow_line_delivers_later_by_its_delay()
    {
        using var client = await ConnectAsync();
        using var server = await _server.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await PassAsync(client, server, "stands");
        _proxy.Delay = TimeSpan.FromSeconds(3);
        var passing = PassAsync(client, server, "late");
        await WaitFor.Condition(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return passing.IsCompleted;
            },
            () => "a delayed line", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("late", await passing);
        Assert.True(_time.GetUtcNow() - _time.Start >= TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_silent_line_keeps_what_is_sent_and_delivers_it_when_mended()
    {
        using var client = await ConnectAsync();
        using var server = await _server.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await PassAsync(client, server, "stands");
        _proxy.Silence();
        var passing = PassAsync(client, server, "kept");
        Assert.False(server.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead));
        _proxy.Mend();
        Assert.Equal("kept", await passing);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _server.Dispose();
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _proxy.Port, TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task<string> PassAsync(Socket from, Socket to, string text)
    {
        await from.SendAsync(System.Text.Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
        return await ReceiveAsync(to);
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[100];
        var count = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(TestTimeouts.Default, TestContext.Current.CancellationToken);
        return count == 0 ? throw new SocketException((int)SocketError.ConnectionReset) : System.Text.Encoding.ASCII.GetString(buffer, 0, count);
    }
}
