using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Hosting;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Runs.Races;

/// <summary>A silo with the whole engine and no slots: what nodes would report is the tests' to say, and so is when the ledger writes.</summary>
public sealed class RaceSilo : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ow-races-");
    private IHost _host = null!;
    private WorkflowsNode _node = null!;

    public ILedger Ledger { get; private set; } = null!;

    public SteppedLedger Steps { get; private set; } = null!;

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public RunStarter Starter => _host.Services.GetRequiredService<RunStarter>();

    public async ValueTask InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Workflows:Execution:Slots"] = "0",
            ["Workflows:Watching:ScanPeriod"] = "01:00:00",
            ["Workflows:Workflows:Watch"] = "false",
            ["Workflows:Runs:RecoveryPause"] = "01:00:00",
        });
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        _node = WorkflowsNode.Take(_directory.FullName, "here");
        var database = new LedgerOptions { ConnectionString = $"Data Source={Path.Combine(_directory.FullName, "ledger.db")}", Node = "here" };
        await OrleansTables.ApplyAsync(database, _directory.FullName);
        (Ledger, Steps) = SteppedLedger.Around(await LedgerFactory.OpenAsync(database, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None));
        builder.AddOrleansWorkflows(_node, Ledger, database);
        _host = builder.Build();
        await _host.StartAsync();

        // Its first activation takes the epoch that the tests' grants are of.
        await Grains.GetGrain<IAdmissionGrain>(0).GetQueuesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await Ledger.DisposeAsync();
        _node.Dispose();
        _directory.Delete(recursive: true);
    }
}
