using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Execution;

namespace Orleans.Workflows.Workspaces.Collection;

/// <summary>Frees this node's disk at start and periodically. What fails or is interrupted is left for the next time.</summary>
internal sealed partial class CollectionService(
    Collector collector,
    SessionStore sessions,
    IOptions<CollectionOptions> options,
    IOptions<ExecutionOptions> execution,
    IOptions<WorkspacesOptions> workspaces,
    TimeProvider time,
    ILogger<CollectionService> logger)
    : BackgroundService
{
    private readonly CollectionOptions _options = options.Value;
    private readonly string _node = execution.Value.StateDirectory;

    private Dictionary<CollectionKind, string> Roots => new()
    {
        [CollectionKind.Attempts] = Path.Combine(_node, "attempts"),
        [CollectionKind.AgentHome] = Path.Combine(_node, "homes"),
        [CollectionKind.Workspace] = workspaces.Value.Directory,
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Enabled)
        {
            LogOff();
            return;
        }

        using var timer = new PeriodicTimer(_options.Period, time);
        do
        {
            try
            {
                await CollectAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task CollectAsync(CancellationToken cancellationToken)
    {
        var result = await collector.CollectAsync(Roots, _options.Limits, run => sessions.IsOverAsync(run, _node, mayBeContinued: false, cancellationToken), cancellationToken: cancellationToken);
        if (result.Removed.Count + result.Kept.Count > 0)
        {
            LogCollected(Count(CollectionKind.Attempts), Count(CollectionKind.AgentHome), Count(CollectionKind.Workspace), result.BytesFreed, result.Kept.Count);
        }

        foreach (var kept in result.Kept)
        {
            LogKept(kept.Item, kept.Reason);
        }

        int Count(CollectionKind kind) => result.Removed.Count(decision => decision.Entry.Kind == kind);
    }

    [LoggerMessage(LogLevel.Information, "Of ended runs {Attempts} attempts' files, {Homes} agent homes and {Workspaces} workspaces were removed, {Bytes} bytes; {Kept} stay although they are due.")]
    private partial void LogCollected(int attempts, int homes, int workspaces, long bytes, int kept);

    [LoggerMessage(LogLevel.Debug, "{Item} stays: {Reason}")]
    private partial void LogKept(string item, string reason);

    [LoggerMessage(LogLevel.Information, "What ended runs leave on this node is not collected: Workflows:Collection:Enabled is false.")]
    private partial void LogOff();

    [LoggerMessage(LogLevel.Warning, "What ended runs left could not be collected; it is tried again in time.")]
    private partial void LogFailed(Exception exception);
}
