using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Server;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.TestKit.Servers;

/// <summary>The whole server in this process, on a free port and a directory of its own, with real databases and real child processes. Its agents end with it.</summary>
public sealed class WorkflowsServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WorkflowsServer(WebApplication app, string directory)
    {
        _app = app;
        Directory = directory;
        Http = new() { BaseAddress = new(app.Urls.First()), Timeout = TestTimeouts.Process };
    }

    public HttpClient Http { get; }

    /// <summary>Holds the state directory and whatever a test puts there.</summary>
    public string Directory { get; }

    public string StateDirectory => Path.Combine(Directory, "state");

    public IServiceProvider Services => _app.Services;

    public ILedger Ledger => Services.GetRequiredService<ILedger>();

    public RunStarter Starter => Services.GetRequiredService<RunStarter>();

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <param name="settings">Below <c>Workflows:</c>, as <c>Execution:Slots</c>.</param>
    /// <param name="connectionString">A PostgreSQL database; null is SQLite.</param>
    /// <param name="directory">Of an earlier server, to go on from its state; null is a new one.</param>
    /// <param name="services">Changes services before the server is built.</param>
    /// <param name="off">Watchers to do without.</param>
    /// <param name="log">Hears what the server logs.</param>
    /// <param name="checkWire">Has every grain call's values travel through the wire format; false where the time counts.</param>
    public static async Task<WorkflowsServer> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null,
        string? connectionString = null,
        string? directory = null,
        Action<IServiceCollection>? services = null,
        bool checkWire = true,
        Watchers off = Watchers.None,
        RecordedLog? log = null)
    {
        directory ??= System.IO.Directory.CreateTempSubdirectory("ow-server-").FullName;
        var values = new Dictionary<string, string?>
        {
            ["Workflows:Urls"] = "http://127.0.0.1:0",
            ["Workflows:StateDirectory"] = Path.Combine(directory, "state"),
            ["Workflows:Execution:StopAgentsOnShutdown"] = "true",
        };
        if (connectionString is not null)
        {
            values["Workflows:Database:Provider"] = "postgresql";
            values["Workflows:Database:ConnectionString"] = connectionString;
        }

        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            values["Workflows:" + name] = value;
        }

        var app = await ServerApplication.StartAsync([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(values);
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Host.UseServiceProviderFactory(new ContainerChanges(off, log));
            if (checkWire)
            {
                builder.Services.AddSingleton<IOutgoingGrainCallFilter, WireCheck>();
            }

            services?.Invoke(builder.Services);
        });
        return new(app, directory);
    }

    /// <summary>Starts a run and insists that it is accepted.</summary>
    public async Task<RunInfo> StartRunAsync(StartRunRequest request)
    {
        var result = await Starter.StartAsync(request, new("test", Guid.NewGuid().ToString("N")));
        return result.Run ?? throw new InvalidOperationException($"The run was refused: {result.Failure}");
    }

    /// <summary>Waits for a run's end.</summary>
    public async Task<RunInfo> EndOfAsync(RunId run, TimeSpan? timeout = null)
    {
        var grain = Grains.GetGrain<IWorkflowGrain>(run.Value);
        using var limit = new CancellationTokenSource(timeout ?? TestTimeouts.Process);
        while (true)
        {
            var info = await grain.WaitAsync(0, untilEnded: true, TimeSpan.FromSeconds(5));
            if (info is { } known && known.Status.IsTerminal())
            {
                return known;
            }

            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"Run {run} has not ended: {info?.Status}, phase {info?.Phase}, event {info?.LastEventSeq}, reason {info?.Reason}, waits for {info?.WaitsFor}.");
            }
        }
    }

    /// <summary>Stops the server and its agents, and keeps its directory.</summary>
    public async Task StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Http.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
