using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orleans.Workflows.Workflows;

/// <summary>Reloads the catalog once files have been quiet for a while. A watcher that fails only means that reloads are by request.</summary>
internal sealed partial class WorkflowWatchService(WorkflowCatalog catalog, IOptions<WorkflowsOptions> options, TimeProvider time, ILogger<WorkflowWatchService> logger) : IHostedService, IDisposable
{
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _quiet;

    /// <summary>The last reload that a change caused, for tests.</summary>
    internal event Action<CatalogSnapshot>? Reloaded;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Watch)
        {
            _quiet = time.CreateTimer(_ => _ = ReloadAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            foreach (var directory in options.Value.Directories.Append(options.Value.ShippedDirectory).OfType<string>().Where(Directory.Exists))
            {
                Watch(directory);
            }
        }
        // After the watchers: what changes from here on is either read now or seen by them.
        await catalog.ReloadAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping.Cancel();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _watchers.ForEach(watcher => watcher.Dispose());
        _quiet?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>A change was seen; the reload follows when no other comes within the quiet period.</summary>
    internal void Touch() => _quiet?.Change(options.Value.QuietPeriod, Timeout.InfiniteTimeSpan);

    private void Watch(string directory)
    {
        try
        {
            var watcher = new FileSystemWatcher(directory) { IncludeSubdirectories = true };
            watcher.Changed += (_, _) => Touch();
            watcher.Created += (_, _) => Touch();
            watcher.Deleted += (_, _) => Touch();
            watcher.Renamed += (_, _) => Touch();
            watcher.Error += (_, e) =>
            {
                LogWatcherFailed(e.GetException(), directory);
                Touch();
            };
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            // The latter: the directory went away in between.
            LogWatcherFailed(e, directory);
        }
    }

    private async Task ReloadAsync()
    {
        try
        {
            var snapshot = await catalog.ReloadAsync(_stopping.Token);
            Reloaded?.Invoke(snapshot);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The host stops; there is nobody left to serve.
        }
        catch (Exception e)
        {
            LogReloadFailed(e);
        }
    }

    [LoggerMessage(LogLevel.Error, "The workflows could not be read again; what was read before is served.")]
    private partial void LogReloadFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Changes in {Directory} can't be watched any more; reload by request.")]
    private partial void LogWatcherFailed(Exception exception, string directory);
}
