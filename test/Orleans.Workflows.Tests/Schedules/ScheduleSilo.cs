using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Workflows.Hosting;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Tests.Schedules;

/// <summary>A silo with the whole engine and no slots: runs wait until a test ends them, and a test moves the time.</summary>
public sealed class ScheduleSilo : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ow-schedules-");
    private IHost _host = null!;
    private WorkflowsNode _node = null!;

    public ILedger Ledger { get; private set; } = null!;

    public CutLedger Cuts { get; private set; } = null!;

    public ShiftedTime Time { get; } = new();

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    internal ScheduleStore Schedules => _host.Services.GetRequiredService<ScheduleStore>();

    public async ValueTask InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Workflows:Execution:Slots"] = "0",
            ["Workflows:Watching:ScanPeriod"] = "01:00:00",
            ["Workflows:Workflows:Watch"] = "false",
        });
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        builder.Services.AddSingleton<TimeProvider>(Time);
        _node = WorkflowsNode.Take(_directory.FullName, "here");
        var database = new LedgerOptions { ConnectionString = $"Data Source={Path.Combine(_directory.FullName, "ledger.db")}", Node = "here" };
        await OrleansTables.ApplyAsync(database, _directory.FullName);
        (Ledger, Cuts) = CutLedger.Around(await LedgerFactory.OpenAsync(database, Time, NullLoggerFactory.Instance, CancellationToken.None));
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
    }

    /// <summary>The runs that a schedule has started, oldest first.</summary>
    internal async Task<IReadOnlyList<RunRow>> RunsOfAsync(string schedule) =>
        [.. (await Ledger.ListRunsAsync(new RunQuery { Caller = $"schedule:{schedule}", Limit = 500, Sort = RunSort.Created })).Runs.OrderBy(run => run.Id)];

    internal Task EndAsync(RunId run) =>
        Grains.GetRun(run).TerminateAsync(new() { Id = Guid.NewGuid(), Caller = "test", CorrelationId = "c", Text = "enough" });
}
