using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Watching;

/// <summary>
/// Wakes runs whose deadline has passed, whoever forgot them: one indexed statement a period, also at start. Runs that are to
/// start before the next scan are woken too: their own clocks then start them on time.
/// </summary>
internal sealed partial class DeadlineScanService(ILedger ledger, IGrainFactory grains, IOptions<WatchingOptions> options, TimeProvider time, ILogger<DeadlineScanService> logger)
    : BackgroundService
{
    private const int AtOnce = 16;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ScanPeriod, time);
        do
        {
            try
            {
                await ScanAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogScan(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ScanAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = await ledger.ReadDueAsync(now + options.Value.ScanPeriod, options.Value.ScanLimit, cancellationToken);
        await Parallel.ForEachAsync(
            due.Where(run => run.Deadline <= now || run.Status == RunStatus.Scheduled),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (run, _) => await WakeAsync(run.Run, cancellationToken));
    }

    private async Task WakeAsync(RunId run, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetRun(run).WakeAsync();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogWake(run, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The deadline scan failed; it is repeated.")]
    private partial void LogScan(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Run {Run} is overdue and could not be woken; the next scan tries again.")]
    private partial void LogWake(RunId run, Exception exception);
}
