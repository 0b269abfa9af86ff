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
        var result = await collector.CollectAsync(Roots, _options.Limits, run => sessions.UseOfAsync(run, _node, mayBeContinued: false, cancellationToken), cancellationToken: cancellationToken);
        if (result.Removed.Count + result.Kept.Count > 0)
        {
            LogCollected(Count(CollectionKind.Attempts), Count(CollectionKind.AgentHome), Count(CollectionKind.Workspace), result.BytesFreed, result.Kept.Count);
        }

        foreach (var kept in result.Kept)
        {
            LogKept(kept.Item, kept.Reason);
        }

        foreach (var entry in result.Removed.Where(decision => decision.Reason == CollectionReason.Unknown).Select(decision => decision.Entry))
        {
            LogRemovedUnknown(entry.Path, entry.Run);
        }

        if (result.Unknown is [var first, ..])
        {
            LogUnknown(result.Unknown.Count, first.Path, _options.UnknownAge);
        }

        int Count(CollectionKind kind) => result.Removed.Count(decision => decision.Entry.Kind == kind);
    }

    [LoggerMessage(LogLevel.Information, "Of ended runs {Attempts} attempts' files, {Homes} agent homes and {Workspaces} workspaces were removed, {Bytes} bytes; {Kept} stay although they are due.")]
    private partial void LogCollected(int attempts, int homes, int workspaces, long bytes, int kept);

    [LoggerMessage(LogLevel.Debug, "{Item} stays: {Reason}")]
    private partial void LogKept(string item, string reason);

    [LoggerMessage(LogLevel.Warning, "{Path} of run {Run} was removed, although the database does not know that run: it was old enough.")]
    private partial void LogRemovedUnknown(string path, Runs.RunId run);

    [LoggerMessage(LogLevel.Warning, "{Count} things of runs that the database does not know stay until they are {Age} old (Workflows:Collection:UnknownAge), the first {Path}. Is it the right database, or an older one that was restored?")]
    private partial void LogUnknown(int count, string path, TimeSpan? age);

    [LoggerMessage(LogLevel.Information, "What ended runs leave on this node is not collected: Workflows:Collection:Enabled is false.")]
    private partial void LogOff();

    [LoggerMessage(LogLevel.Warning, "What ended runs left could not be collected; it is tried again in time.")]
    private partial void LogFailed(Exception exception);
}
