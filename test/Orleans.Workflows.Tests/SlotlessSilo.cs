using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Workflows.Hosting;
using Orleans.Workflows.Ledger;

namespace Orleans.Workflows.Tests;

/// <summary>A silo with the whole engine and no slots: runs wait until a test says otherwise, and a test may stand between the engine and its ledger.</summary>
public abstract class SlotlessSilo(string name) : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory($"ow-{name}-");
    private IHost _host = null!;
    private WorkflowsNode _node = null!;

    public ILedger Ledger { get; private set; } = null!;

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public virtual async ValueTask InitializeAsync()
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
        builder.Services.AddSingleton(Clock);
        _node = WorkflowsNode.Take(_directory.FullName, "here");
        var database = new LedgerOptions { ConnectionString = $"Data Source={Path.Combine(_directory.FullName, "ledger.db")}", Node = "here" };
        await OrleansTables.ApplyAsync(database, _directory.FullName);
        Ledger = Around(await LedgerFactory.OpenAsync(database, Clock, NullLoggerFactory.Instance, CancellationToken.None));
        builder.AddOrleansWorkflows(_node, Ledger, database);
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await Ledger.DisposeAsync();
        _node.Dispose();
        _directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    protected virtual TimeProvider Clock => TimeProvider.System;

    /// <summary>What the engine is given for the real one.</summary>
    protected abstract ILedger Around(ILedger ledger);
}
