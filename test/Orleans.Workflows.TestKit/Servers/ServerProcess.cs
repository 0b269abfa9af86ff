using System.Collections;
using System.Net;
using System.Net.Sockets;
using Orleans.Workflows.TestKit.Programs;
using Orleans.Workflows.TestKit.Waiting;
using Xunit;

namespace Orleans.Workflows.TestKit.Servers;

/// <summary>The server as a process of its own, which a test may kill. Stopped in order on disposal, unless it was.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly RunningProgram _program;

    private ServerProcess(RunningProgram program, string url)
    {
        _program = program;
        Http = new() { BaseAddress = new(url), Timeout = TestTimeouts.Process };
    }

    public HttpClient Http { get; }

    public int Id => _program.Id;

    /// <summary>Starts it on a free port and waits until it is ready.</summary>
    /// <param name="settings">As environment variables: <c>Workflows__StateDirectory</c> and so on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ServerProcess> StartAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var url = $"http://127.0.0.1:{FreePort()}";
        environment["Workflows__Urls"] = url;
        var server = new ServerProcess(RunningProgram.Start(Path.Combine(AppContext.BaseDirectory, "Orleans.Workflows.Server"), [], AppContext.BaseDirectory, environment), url);
        try
        {
            await WaitFor.Value(server.ReadyAsync, () => "The server is not ready.", TestTimeouts.Process, cancellationToken: cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends the server alone a signal by name, such as <c>STOP</c>.</summary>
    public Task SignalAsync(string signal) => _program.SignalAsync(signal);

    /// <summary>SIGKILL for the server alone; its agents go on. Waits until it is gone.</summary>
    public async Task KillAsync()
    {
        await _program.SignalAsync("KILL");
        await WaitFor.Condition(() => _program.HasExited, () => $"pid {_program.Id}", TestTimeouts.Process);
    }

    /// <summary>Stops it in order and returns what it printed.</summary>
    public async Task<ProgramResult> StopAsync()
    {
        await _program.SignalAsync("TERM");
        return await _program.EndAsync();
    }

    /// <summary>Waits until it has ended, which nobody asked it to, and returns what it printed.</summary>
    public Task<ProgramResult> EndAsync(CancellationToken cancellationToken) => _program.EndAsync(cancellationToken: cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (!_program.HasExited)
        {
            await _program.SignalAsync("TERM");
        }

        // Shown where the test fails. A fixture's has no test to be shown in, and ends in order all the same.
        var ended = await _program.EndAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"Server {Id}: {ended}");
        Http.Dispose();
        await _program.DisposeAsync();
    }

    private async ValueTask<string?> ReadyAsync(CancellationToken cancellationToken)
    {
        if (_program.HasExited)
        {
            throw new InvalidOperationException($"The server ended: {await _program.EndAsync(cancellationToken: cancellationToken)}");
        }

        try
        {
            using var response = await Http.GetAsync(new Uri("/api/v1/health/ready", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode ? "ready" : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
