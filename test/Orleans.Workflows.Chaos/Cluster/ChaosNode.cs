using System.Net;
using System.Net.Sockets;
using Npgsql;
using Orleans.Workflows.TestKit.Proxies;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Chaos.Cluster;

/// <summary>One node: its directory, its server as a process that may die and come back, and its own lines to the database and from the other silos.</summary>
internal sealed class ChaosNode : IAsyncDisposable
{
    private readonly Dictionary<string, string> _settings;
    private readonly SemaphoreSlim _changing = new(1);
    private NodeProcess? _process;
    private volatile bool _isLost;
    private volatile bool _isEnding;

    public ChaosNode(string name, string directory, string connectionString, IReadOnlyDictionary<string, string> settings)
    {
        Name = name;
        StateDirectory = Path.Combine(directory, name);
        Log = Path.Combine(directory, name + ".log");
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        Database = new(new(IPAddress.Loopback, database.Port));
        (database.Port, database.MaxPoolSize, database.Timeout) = (Database.Port, 40, 5);
        var siloPort = FreePort();
        Silo = new(new(IPAddress.Loopback, siloPort));
        var url = $"http://127.0.0.1:{FreePort()}";
        _settings = new(settings)
        {
            ["Workflows__StateDirectory"] = StateDirectory,
            ["Workflows__Urls"] = url,
            ["Workflows__Execution__Node"] = name,
            ["Workflows__Cluster__SiloPort"] = $"{Silo.Port}",
            [ChaosServer.ListenVariable] = $"{siloPort}",
            ["Workflows__Database__Provider"] = "postgresql",
            ["Workflows__Database__ConnectionString"] = database.ConnectionString,
        };
        Http = new() { BaseAddress = new(url), Timeout = TimeSpan.FromSeconds(40) };
    }

    public string Name { get; }

    public string StateDirectory { get; }

    public string Log { get; }

    public TcpProxy Database { get; }

    /// <summary>What other silos send to this one comes through it.</summary>
    public TcpProxy Silo { get; }

    public HttpClient Http { get; }

    /// <summary>Times that it was started.</summary>
    public int Starts { get; private set; }

    /// <summary>It ended and nobody of the harness asked for it.</summary>
    public bool HasFallen => !_isEnding && _process is { HasExited: true };

    /// <summary>Its server's, while there is one.</summary>
    public int? Pid => _process is { HasExited: false } process ? process.Id : null;

    /// <summary>Starts its server and waits until it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (_isLost)
            {
                return;
            }

            if (Pid is null)
            {
                _process?.Dispose();
                _process = NodeProcess.Start(Log, _settings);
                Starts++;
            }
        }
        finally
        {
            _changing.Release();
        }

        await WaitFor.Value(ReadyAsync, () => $"{Name} is not ready; its log ends: {string.Join('\n', File.ReadLines(Log).TakeLast(20))}", TestTimeouts.Process, cancellationToken: cancellationToken);
    }

    /// <summary>Ends its server by a signal and waits until it is gone; its agents go on.</summary>
    public async Task EndAsync(string signal, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (_process is { } process)
            {
                _isEnding = true;
                await process.SignalAsync(signal);
                await process.SignalAsync("CONT");
                await process.EndAsync(cancellationToken).WaitAsync(TestTimeouts.Process, cancellationToken);
                process.Dispose();
                _process = null;
            }
        }
        finally
        {
            _isEnding = false;
            _changing.Release();
        }
    }

    /// <summary>Ends its server for good.</summary>
    public async Task LoseAsync()
    {
        _isLost = true;
        await EndAsync("KILL", CancellationToken.None);
        await DisposeAsync();
    }

    public Task SignalAsync(string signal) => _process?.SignalAsync(signal) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (Pid is not null)
        {
            await EndAsync("KILL", CancellationToken.None);
        }

        await Database.DisposeAsync();
        await Silo.DisposeAsync();
        Http.Dispose();
    }

    private async ValueTask<string?> ReadyAsync(CancellationToken cancellationToken)
    {
        if (HasFallen)
        {
            throw new InvalidOperationException($"{Name} ended while it started; its log ends: {string.Join('\n', File.ReadLines(Log).TakeLast(20))}");
        }

        try
        {
            using var response = await Http.GetAsync(new Uri("/api/v1/health/ready", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode ? "ready" : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
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
